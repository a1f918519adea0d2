import type { Told } from './told.js';
import { unitsOf, utf8Length } from './utf8.js';

/** @internal Text that only grows: a piece that is there already, in whole or in part, adds only what is new. */
export class Growing {
  text = '';
  /** UTF-8; undefined until the first piece says it, where the beginning is not wanted. */
  bytes: number | undefined = 0;
  /** Nothing more comes of it. */
  declare isEnded: boolean;

  /**
   * @param offset undefined: what has come (a driver's text has none)
   * @returns what is new of the piece; undefined: text is missing before it
   */
  add(offset = this.bytes!, piece: string): string | undefined {
    this.bytes ??= offset;
    if (offset > this.bytes) return undefined;
    const fresh = piece.slice(unitsOf(piece, this.bytes - offset));
    this.bytes += utf8Length(fresh);
    this.text += fresh;
    return fresh;
  }
}

/** @internal @returns what is new of what is told; undefined: text is missing before it */
export function grown(growing: Growing, told: Told): Told | undefined {
  const { bytes: offset } = growing;
  const text = growing.add(told.offset, told.text!);
  return text === undefined ? undefined : { ...told, offset: offset ?? told.offset!, text };
}
