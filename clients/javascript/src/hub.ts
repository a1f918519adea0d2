import { Connection, streamsEach } from './connection.js';
import type { StreamProblem } from './problem.js';
import type { TextStream } from './stream.js';
import type { Wire } from './wire.js';

/**
 * A browser that does not speak HTTP/2 has six connections a server: three for these, two for drivers, one for
 * everything else.
 */
const connectionsAtMost = 3;
const driversAtMost = 2;
/** Milliseconds that streams are gathered for before a connection is made anew for them. */
const gathering = 50;

/** Milliseconds for which bodies are not tried to be read in pieces, once nothing of one has come. */
const suspicion = 600_000;

/** @internal Which streams are followed over which connection. */
export class Hub {
  readonly wire: Wire;
  #connections = new Set<Connection>();
  #waiting = new Set<TextStream>();
  #timer: unknown;
  #drivers = 0;
  /** By the clock; undefined: bodies come in pieces, as far as is known. */
  #isSuspectUntil: number | undefined;
  #isProven = false;

  constructor(wire: Wire) {
    this.wire = wire;
  }

  /** Whether bodies cannot be read in pieces here. */
  get polls(): boolean {
    const { transport, canRead } = this.wire;
    return transport === 'poll' || (transport !== 'sse' && (this.#isSuspectUntil! > this.wire.clock.now() || !canRead));
  }

  /** Whether an answer to a question may take its time; the first one only finds out. */
  get waits(): boolean {
    return this.#isProven || !this.#isSuspectUntil;
  }

  /** Where nothing of a body comes, the next attempts poll, for a while: the network may be another one by then. */
  suspect(problem: unknown) {
    if ((problem as StreamProblem | undefined)?.hasBegun === false) this.#isSuspectUntil = this.wire.clock.now() + suspicion;
  }

  /** Where polling works, it goes on so; where it does not, the network is at fault, and not the body. */
  onPolled(isAnswered: boolean) {
    if (isAnswered) this.#isProven = true;
    else if (!this.#isProven) this.#isSuspectUntil = undefined;
  }

  /** One that is followed already stays where it is. */
  add(stream: TextStream) {
    for (const connection of this.#connections) if (connection.holds(stream)) return;
    this.#waiting.add(stream);
    // All that a page shows at once comes before any of it is asked for.
    const assign = () => this.#assign();
    this.#timer ??=
      this.#connections.size < connectionsAtMost ? (queueMicrotask(assign) ?? 0) : this.wire.clock.setTimeout(assign, gathering);
  }

  remove(stream: TextStream) {
    this.#waiting.delete(stream);
    for (const connection of this.#connections) connection.remove(stream);
    if (this.#waiting.size === 0) this.#clearTimer();
  }

  /** A connection more. */
  another(): Connection {
    const connection = new Connection(this);
    this.#connections.add(connection);
    return connection;
  }

  onClosed(connection: Connection) {
    this.#connections.delete(connection);
  }

  /** @returns false: as many drivers are read as there are connections for */
  enterDriver(): boolean {
    return this.#drivers < driversAtMost && ++this.#drivers > 0;
  }

  leaveDriver() {
    this.#drivers--;
  }

  close() {
    for (const connection of [...this.#connections]) connection.close();
    this.#waiting.clear();
    this.#clearTimer();
  }

  #assign() {
    this.#clearTimer();
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    while (waiting.length > 0) {
      const least = [...this.#connections].sort((one, other) => one.size - other.size)[0]!;
      const connection = this.#connections.size < connectionsAtMost ? this.another() : least;
      connection.add(waiting.splice(0, Math.max(streamsEach - connection.size, 1)));
    }
  }

  #clearTimer() {
    this.wire.clock.clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
