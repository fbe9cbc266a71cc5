import { createHash } from 'node:crypto';

/**
 * The name OpenSSL looks a certificate up by in a folder (`openssl x509 -subject_hash`): the first
 * four bytes, little-endian, of the SHA-1 of the subject in a canonical form, where every string is
 * UTF-8, lower case (ASCII letters), trimmed, and has single spaces.
 */
export function subjectHash(certificate: Uint8Array): string {
  const subject = canonicalName(subjectOf(certificate));
  const digest = createHash('sha1').update(subject).digest();
  return digest.readUInt32LE(0).toString(16).padStart(8, '0');
}

interface Element {
  readonly tag: number;
  readonly content: Uint8Array;
  /** Tag, length and content. */
  readonly whole: Uint8Array;
}

/** The elements that follow one another in DER. Certificates come from a signed package: bad DER is a bug. */
function elements(bytes: Uint8Array): readonly Element[] {
  const found: Element[] = [];
  let at = 0;
  while (at < bytes.length) {
    const tag = bytes[at] ?? 0;
    let length = bytes[at + 1] ?? 0;
    let start = at + 2;
    if (length >= 0x80) {
      const count = length & 0x7f;
      length = 0;
      for (let i = 0; i < count; i++) length = length * 256 + (bytes[start + i] ?? 0);
      start += count;
    }
    const end = start + length;
    if (end > bytes.length) throw new Error('DER: an element is longer than what holds it');
    found.push({ tag, content: bytes.subarray(start, end), whole: bytes.subarray(at, end) });
    at = end;
  }
  return found;
}

function only(bytes: Uint8Array): Element {
  const [first] = elements(bytes);
  if (!first) throw new Error('DER: nothing there');
  return first;
}

/** TBSCertificate: version (context 0, optional), serial, algorithm, issuer, validity, subject. */
function subjectOf(certificate: Uint8Array): Uint8Array {
  const fields = elements(only(only(certificate).content).content);
  const subject = fields[fields[0]?.tag === 0xa0 ? 5 : 4];
  if (!subject) throw new Error('DER: no subject');
  return subject.content;
}

/** Strings in all the encodings a name may use; others (such as bit strings) stay as they are. */
const DECODERS: ReadonlyMap<number, string> = new Map([
  [12, 'utf-8'],
  [19, 'latin1'],
  [20, 'latin1'],
  [22, 'latin1'],
  [26, 'latin1'],
  [30, 'utf-16be'],
]);

/** The sets of a name one after the other, without the sequence around them: that is what is hashed. */
function canonicalName(name: Uint8Array): Uint8Array {
  return Buffer.concat(
    elements(name).map((set) =>
      element(
        0x31,
        Buffer.concat(
          elements(set.content).map((attribute) => {
            const [type, value] = elements(attribute.content);
            if (!type || !value) throw new Error('DER: an attribute has type and value');
            return element(0x30, Buffer.concat([type.whole, canonicalValue(value)]));
          }),
        ),
      ),
    ),
  );
}

function canonicalValue(value: Element): Uint8Array {
  const encoding = DECODERS.get(value.tag);
  if (encoding === undefined) return value.whole;
  const text = new TextDecoder(encoding)
    .decode(value.content)
    .replaceAll(/^[ \t\n\v\f\r]+|[ \t\n\v\f\r]+$/g, '')
    .replaceAll(/[ \t\n\v\f\r]+/g, ' ')
    .replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
  return element(12, Buffer.from(text));
}

function element(tag: number, content: Uint8Array): Uint8Array {
  const { length } = content;
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Uint8Array.of(tag, ...size), content]);
}
