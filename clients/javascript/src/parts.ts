import { Growing, grown } from './growing.js';
import { empty } from './snapshot.js';
import { nothing, type Told } from './told.js';
import type { Part } from './types.js';

/** @internal What is said beside the text, part by part. */
export class Parts {
  /** In their order; another array whenever one of them changes. */
  said = empty.parts;
  #texts = new Map<Part['part'], Growing>();

  /** @returns what is new of it; undefined: text is missing before it */
  take(event: string, told: Told): Told | undefined {
    const { part, detail, error } = told;
    let fresh: Told | undefined = told;
    let growing = this.#texts.get(part!);
    if (event === 'part') {
      if (growing) return nothing;
      this.#texts.set(part!, (growing = new Growing()));
      this.said = [...this.said, { ...(told as Part), text: '', state: 'open' }];
    } else if (growing) {
      const isEnd = event === 'part-end';
      if (isEnd && growing.isEnded) return nothing;
      if (isEnd ? told.length! > growing.bytes! : !(fresh = grown(growing, told))) return undefined;
      growing.isEnded ||= isEnd;
      const { text } = growing;
      const ended = isEnd && {
        state: error ? ('failed' as const) : ('done' as const),
        ...(error && { error: error as string }),
      };
      this.#change((one) => one.part === part && { text, ...ended, ...(detail && { detail: { ...one.detail, ...detail } }) });
    }
    return fresh;
  }

  /** Their stream has ended. */
  cutOff() {
    this.#change(({ state }) => state === 'open' && { state: 'cut' });
  }

  /** @param of what is another of a part; false: nothing */
  #change(of: (part: Part) => Partial<Part> | false) {
    this.said = this.said.map((part) => {
      const more = of(part);
      return more ? { ...part, ...more } : part;
    });
  }
}
