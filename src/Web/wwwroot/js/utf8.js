// The API counts UTF-8 bytes, a browser's text UTF-16 code units.

const utf8 = new TextEncoder();

export const bytesOf = (text) => utf8.encode(text).length;

/**
 * How many code units the first so many bytes take: whole characters only, so a count that cuts one stops before it.
 */
export function unitsOf(text, bytes) {
  let at = 0;
  while (at < text.length) {
    const code = text.codePointAt(at);
    bytes -= code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    if (bytes < 0) break;
    at += code < 0x10000 ? 1 : 2;
  }
  return at;
}
