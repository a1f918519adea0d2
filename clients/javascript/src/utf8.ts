// The server counts UTF-8 bytes, JavaScript UTF-16 code units.

const encoder = new TextEncoder();

/** @internal */
export const utf8Length = (text: string) => encoder.encode(text).length;

/** @internal How many code units hold so many bytes; a character that they cut is not among them. */
export function unitsOf(text: string, bytes: number): number {
  let at = 0;
  while (at < text.length) {
    const code = text.codePointAt(at)!;
    bytes -= code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    if (bytes < 0) break;
    at += code < 0x10000 ? 1 : 2;
  }
  return at;
}
