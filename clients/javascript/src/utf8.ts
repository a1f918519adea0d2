// The server counts UTF-8 bytes, JavaScript UTF-16 code units. A surrogate that stands alone counts three bytes, as U+FFFD does.

const isHigh = (unit: number) => unit >= 0xd800 && unit < 0xdc00;
const isLow = (unit: number) => unit >= 0xdc00 && unit < 0xe000;
const bytesOf = (code: number) => code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;

/** @internal */
export function utf8Length(text: string): number {
  let bytes = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (isHigh(unit) && isLow(text.charCodeAt(at + 1))) {
      bytes += 4;
      at++;
    } else bytes += bytesOf(unit);
  }
  return bytes;
}

/** @internal How many code units from `start` on hold so many bytes; a character that they cut is not among them. */
export function unitsOf(text: string, bytes: number, start = 0): number {
  let at = start;
  while (at < text.length) {
    const code = text.codePointAt(at)!;
    bytes -= bytesOf(code);
    if (bytes < 0) break;
    at += code < 0x10000 ? 1 : 2;
  }
  return at - start;
}

/** @internal Whether a character's halves meet where two texts are joined. */
export const joinsPair = (before: string, after: string) =>
  isHigh(before.charCodeAt(before.length - 1)) && isLow(after.charCodeAt(0));
