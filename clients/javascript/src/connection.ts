import { askPatiently, patience, readEvents } from './attempt.js';
import type { Told } from './fold.js';
import type { Hub } from './hub.js';
import { isFinal, problemSaid, type StreamProblem } from './problem.js';
import { Retry, pause } from './retry.js';
import type { SseEvent } from './sse.js';
import type { TextStream } from './stream.js';
import { queryOf } from './wire.js';

type ToldOfOne = Told & { stream?: string; cursor?: number; problem?: Record<string, unknown>; retryAfterSeconds?: number };

interface Page {
  events: { id?: number; event: string; data: Told }[];
}

/** Milliseconds between two rounds of questions about several streams. */
const round = 1000;

/** @internal Follows some streams over one connection, which it makes anew after each cut, with their cursors. */
export class Connection {
  #hub: Hub;
  #streams = new Map<string, TextStream>();
  #attempt: AbortController | undefined;
  #isClosed = false;
  #asked = 0;

  constructor(hub: Hub) {
    this.#hub = hub;
  }

  get size() {
    return this.#streams.size;
  }

  add(streams: TextStream[]) {
    for (const stream of streams) this.#streams.set(stream.id, stream);
    if (this.#attempt) this.#attempt.abort();
    else void this.#run();
  }

  remove(stream: TextStream) {
    if (this.#streams.get(stream.id) !== stream) return;
    this.#streams.delete(stream.id);
    if (this.size === 0) this.close();
    // Most of what comes is of no use any more.
    else if (this.#asked > 10 && this.size * 2 < this.#asked) this.#attempt?.abort();
  }

  close() {
    this.#isClosed = true;
    this.#streams.clear();
    this.#attempt?.abort();
    this.#hub.onClosed(this);
  }

  async #run() {
    const retry = new Retry(this.#hub.wire);
    while (!this.#isClosed) {
      const { signal } = this.#attempt = new AbortController();
      const streams = [...this.#streams.values()];
      this.#asked = streams.length;
      const { polls } = this.#hub;
      const problem = await (polls ? this.#poll(streams, retry, signal) : this.#read(streams, retry, signal)).catch((reason) => reason);
      for (const stream of streams) stream.commit();
      if (signal.aborted) continue;
      this.#hub.suspect(problem);
      if (polls && problem && !isFinal(problem)) this.#hub.onPolled(false);
      // Of several the fault is one's, unless it is the caller's: each is asked for by itself.
      const isOfAll = streams.length === 1 || [401, 403].includes((problem as StreamProblem)?.status);
      if (isFinal(problem)) for (const stream of streams) isOfAll ? stream.fail(problem) : this.#hub.onOver(stream);
      this.#dropEnded();
      if (!this.#isClosed && (problem || !polls) && polls === this.#hub.polls) await retry.wait(signal, problem);
    }
  }

  async #read(streams: TextStream[], retry: Retry, signal: AbortSignal) {
    const [only] = streams.length === 1 ? streams : [];
    const asked = {
      ...only ? { method: 'GET', path: only.eventsPath(), token: only.token } : await this.#askedOf(streams),
      answersAtOnce: streams.some((stream) => stream.cursor === undefined),
      signal,
      onRetry: (milliseconds: number) => { retry.shortest = milliseconds; },
    };
    const isMore = await readEvents(this.#hub.wire, asked, (events) => {
      for (const event of events) this.#take(event, only);
      for (const stream of streams) stream.commit();
      if (events.length > 0) retry.succeeded();
      this.#dropEnded();
    });
    if (!isMore) await only!.settle(signal);
  }

  async #askedOf(streams: TextStream[]) {
    const body = {
      streams: await Promise.all(streams.map(async ({ id, cursor: after, token }) =>
        ({ id, after, token: typeof token === 'function' ? await token() : token }))),
    };
    return { method: 'POST', path: `/-/follow${queryOf({ parts: this.#hub.wire.parts })}`, body };
  }

  #take({ event, data, id }: SseEvent, only: TextStream | undefined) {
    const { stream: name, cursor = only && id ? Number(id) : undefined, problem, retryAfterSeconds, ...told } = JSON.parse(data) as ToldOfOne;
    const stream = this.#streams.get(only?.id ?? name!);
    if (!stream) return;
    if (problem) this.#hub.onRefused(stream, problemSaid(problem, retryAfterSeconds));
    else if (event === 'over') this.#hub.onOver(stream);
    else stream.take(event, told, cursor);
  }

  /** A stream alone waits for what comes; several are asked for in turns. */
  async #poll(streams: TextStream[], retry: Retry, signal: AbortSignal) {
    const { wire } = this.#hub;
    const askedAt = wire.clock.now();
    const wait = streams.length === 1 && this.#hub.waits ? patience : 0;
    let hasCome = false;
    for (const stream of streams) {
      const page = await askPatiently<Page>(wire, stream.eventsPath(wait), wait, { token: stream.token, signal }).catch((problem) => {
        if (signal.aborted || !isFinal(problem)) throw problem;
        stream.fail(problem);
        return { events: [] };
      });
      this.#hub.onPolled(true);
      if (page) for (const { event, data, id } of page.events) stream.take(event, data, id);
      else await stream.settle(signal);
      stream.commit();
      hasCome ||= !page || page.events.length > 0;
    }
    retry.succeeded();
    if (!hasCome && (wait === 0 || wire.clock.now() - askedAt < round)) await pause(wire, round, signal);
  }

  #dropEnded() {
    for (const [id, stream] of this.#streams) if (stream.isOver) this.#streams.delete(id);
    if (this.size === 0) this.close();
  }
}
