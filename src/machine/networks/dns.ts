/** A question to a resolver: RFC 1035, section 4, as far as programs ask for addresses. */
export interface Question {
  /** Without the last dot, as it was written. */
  readonly name: string;
  /** 1 for IPv4 addresses, 28 for IPv6, 12 for the name of an address. */
  readonly type: number;
  /** The query up to the end of the question. */
  readonly message: Uint8Array;
}

export const TYPE_A = 1;

const HEAD = 12;
const LONGEST_NAME = 255;
const LONGEST_LABEL = 63;
/** What a message over UDP may have. */
const LARGEST = 512;
/** Bytes of an answer with an IPv4 address, its name a reference. */
const RECORD = 16;
/** Seconds that an answer may be remembered, as Docker's resolver has it. */
const TTL = 600;

const NAME_ERROR = 3;
const NOT_IMPLEMENTED = 4;

/** Undefined for what is no query with one question. */
export function parseQuestion(query: Uint8Array): Question | undefined {
  const view = new DataView(query.buffer, query.byteOffset, query.length);
  if (query.length < HEAD || view.getUint8(2) >= 0x80 || view.getUint16(4) !== 1) return undefined;
  const labels: string[] = [];
  let at = HEAD;
  for (;;) {
    const length = query[at];
    if (length === undefined || length > LONGEST_LABEL || at - HEAD > LONGEST_NAME)
      return undefined;
    at += 1;
    if (length === 0) break;
    labels.push(String.fromCharCode(...query.subarray(at, at + length)));
    at += length;
  }
  if (at + 4 > query.length) return undefined;
  return { name: labels.join('.'), type: view.getUint16(at), message: query.slice(0, at + 4) };
}

/** The answer with these addresses, four bytes each; undefined: there is no such name. */
export function answerTo(
  { message, type }: Question,
  addresses: readonly Uint8Array[] | undefined,
): Uint8Array {
  const [, , flags = 0] = message;
  const isQuery = (flags & 0x78) === 0;
  const fitting = Math.floor((LARGEST - message.length) / RECORD);
  const records = isQuery && type === TYPE_A ? (addresses ?? []).slice(0, fitting) : [];
  const answer = new Uint8Array(message.length + records.length * RECORD);
  answer.set(message);
  const view = new DataView(answer.buffer);
  // An answer, with the opcode and the wish for recursion of the query; recursion is available.
  view.setUint8(2, 0x80 | (flags & 0x79));
  view.setUint8(3, 0x80 | (isQuery ? (addresses ? 0 : NAME_ERROR) : NOT_IMPLEMENTED));
  view.setUint16(6, records.length);
  view.setUint32(8, 0);
  records.forEach((address, index) => {
    const at = message.length + index * RECORD;
    view.setUint16(at, 0xc000 | HEAD);
    view.setUint16(at + 2, TYPE_A);
    view.setUint16(at + 4, 1);
    view.setUint32(at + 6, TTL);
    view.setUint16(at + 10, address.length);
    answer.set(address, at + 12);
  });
  return answer;
}
