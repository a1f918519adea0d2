import { readEvents } from './attempt.js';
import type { Told } from './told.js';
import type { Hub } from './hub.js';
import { poll } from './polling.js';
import { isFinal, isForbidden, problemSaid, type StreamProblem } from './problem.js';
import { Retry, pause } from './retry.js';
import type { TextStream } from './stream.js';
import { now, queryOf, type Wire } from './wire.js';

type ToldOfOne = Told & { stream?: string; cursor?: number; problem?: Record<string, unknown>; retryAfterSeconds?: number };

/** What one request may ask for. */
export const streamsEach = 100;
/** Milliseconds for which some of more streams are read before it is the others' turn. */
const turn = 1000;

/** @internal Follows some streams over one connection, which it makes anew after each cut, with their cursors. */
export class Connection {
  #hub: Hub;
  #streams = new Map<string, TextStream>();
  #attempt: AbortController | undefined;
  #asked = 0;

  constructor(hub: Hub) {
    this.#hub = hub;
  }

  get size() {
    return this.#streams.size;
  }

  add(streams: TextStream[]) {
    for (const stream of streams) {
      // Iterators of one stream each read by themselves, and a connection knows a stream by its id.
      if (this.#streams.has(stream.id)) this.#hub.another().add([stream]);
      else this.#streams.set(stream.id, stream);
    }
    if (this.#attempt) this.#attempt.abort();
    else void this.#run();
  }

  holds(stream: TextStream) {
    return this.#streams.get(stream.id) === stream;
  }

  remove(stream: TextStream) {
    if (!this.holds(stream)) return;
    this.#streams.delete(stream.id);
    if (this.size === 0) this.close();
    // Most of what comes is of no use any more.
    else if (this.#asked > 10 && this.size * 2 < this.#asked) this.#attempt?.abort();
  }

  close() {
    this.#streams.clear();
    this.#attempt?.abort();
    this.#hub.onClosed(this);
  }

  async #run() {
    const retry = new Retry(this.#hub.wire);
    while (this.size > 0) {
      const { signal } = (this.#attempt = new AbortController());
      const streams = [...this.#streams.values()].slice(0, streamsEach);
      this.#asked = streams.length;
      const { polls } = this.#hub;
      // Where there are more they take turns: those that are asked for now come last next time.
      for (const stream of streams) {
        this.#streams.delete(stream.id);
        this.#streams.set(stream.id, stream);
      }
      if (this.size > streamsEach && !polls) this.#endAfter(turn);
      const problem = await (polls ? poll(this.#hub, streams, retry, signal) : this.#read(streams, retry, signal)).catch(
        (reason) => reason,
      );
      for (const stream of streams) stream.commit();
      if (signal.aborted) continue;
      if (!polls) this.#hub.suspect(problem);
      else if (problem?.status === 0) this.#hub.onPolled(false);
      // Of several the fault is one's, unless it is the caller's: each is asked for by itself.
      const isOfAll = streams.length === 1 || isForbidden(problem?.status);
      if (isFinal(problem))
        await Promise.all(
          streams.map((stream) => (isOfAll ? stream.fail(problem) : stream.settle(signal).catch(() => {}))),
        );
      this.#dropEnded();
      if (this.size > 0 && (polls ? problem : !this.#hub.polls)) await retry.wait(signal, problem);
    }
  }

  async #read(streams: TextStream[], retry: Retry, signal: AbortSignal) {
    const [only] = streams.length === 1 ? streams : [];
    const asked = {
      ...(only ? { method: 'GET', path: only.eventsPath(), token: only.token } : await askedOf(this.#hub.wire, streams)),
      answersAtOnce: streams.some((stream) => stream.cursor === undefined),
      signal,
      retry,
    };
    const settling: Promise<unknown>[] = [];
    let refusal: unknown;
    const settle = (stream: TextStream) =>
      settling.push(
        stream.settle(signal).catch((problem) => {
          refusal = problem;
        }),
      );
    const isMore = await readEvents(this.#hub.wire, asked, (events) => {
      for (const { event, data, id } of events) {
        const {
          stream: name,
          cursor = only && id ? Number(id) : undefined,
          problem,
          ...told
        } = JSON.parse(data) as ToldOfOne;
        const stream = this.#streams.get(only?.id ?? name!);
        if (!stream) continue;
        if (problem) refusal = this.#refused(stream, problemSaid(problem, told.retryAfterSeconds)) ?? refusal;
        else if (event === 'over') settle(stream);
        else stream.take(event, told, cursor);
      }
      for (const stream of streams) stream.commit();
      if (events.length > 0) retry.failures = 0;
      this.#dropEnded();
    });
    if (!isMore) settle(only!);
    await Promise.all(settling);
    if (refusal) throw refusal;
  }

  /**
   * One of several: it is asked for again when the connection is made anew, which happens when the server said.
   * @returns what is waited for
   */
  #refused(stream: TextStream, problem: StreamProblem): StreamProblem | undefined {
    const { wire } = this.#hub;
    // A token may have run out: the next request asks for another, once.
    const renews = problem.status === 401 && !stream.isRenewed && wire.renews(stream.token);
    stream.isRenewed = renews;
    if (!renews) stream.fail(problem);
    if (stream.isOver) return undefined;
    this.#endAfter(renews ? 0 : (problem.retryAfter ?? 1) * 1000);
    return renews ? undefined : problem;
  }

  /** After so many milliseconds the streams are asked for anew. */
  #endAfter(milliseconds: number) {
    const attempt = this.#attempt!;
    void pause(this.#hub.wire, milliseconds, attempt.signal, false).then(() => attempt.abort());
  }

  #dropEnded() {
    for (const [id, stream] of this.#streams) if (stream.isOver) this.#streams.delete(id);
    if (this.size === 0) this.close();
  }
}

/** Several in one request. */
async function askedOf(wire: Wire, streams: TextStream[]) {
  const body = {
    streams: await Promise.all(
      streams.map(async ({ id, cursor: after, token, isRenewed }) => ({ id, after, token: await now(token, isRenewed) })),
    ),
  };
  return { method: 'POST', path: `/-/follow${queryOf({ parts: wire.parts })}`, body };
}
