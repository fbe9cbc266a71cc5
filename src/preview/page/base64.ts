/** A URL that is the resource itself. */
export function dataUrl(type: string, bytes: Uint8Array): string {
  // What a server sends as a type is not to be more than one.
  const safe = /^[\w.+-]+\/[\w.+-]+(?:;\s*charset=[\w-]+)?$/i.test(type)
    ? type.replace(/\s/g, '')
    : 'application/octet-stream';
  return `data:${safe};base64,${base64(bytes)}`;
}

function base64(bytes: Uint8Array): string {
  // A multiple of three, so that only the end is padded.
  const piece = 24_576;
  let text = '';
  for (let at = 0; at < bytes.length; at += piece) {
    text += btoa(String.fromCharCode(...bytes.subarray(at, at + piece)));
  }
  return text;
}
