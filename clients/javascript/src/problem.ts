/** The last part of a problem's `type`, as the server's documentation lists them, and those of the client itself. */
export type ProblemType =
  | 'invalid-json'
  | 'invalid-request'
  | 'unknown-source'
  | 'cursor-past-end'
  | 'unknown-host'
  | 'unauthenticated'
  | 'foreign-origin'
  | 'forbidden'
  | 'unknown-stream'
  | 'no-such-version'
  | 'not-found'
  | 'method-not-allowed'
  | 'id-in-use'
  | 'already-driven'
  | 'stream-ended'
  | 'foreign-event'
  | 'deleted'
  | 'precondition-failed'
  | 'too-large'
  | 'too-long'
  | 'request-timeout'
  | 'address-too-long'
  | 'unsupported-media-type'
  | 'range-not-satisfiable'
  | 'too-many-requests'
  | 'headers-too-large'
  | 'internal-error'
  | 'log-damaged'
  | 'no-token-keys'
  | 'log-unavailable'
  | 'busy'
  /** No answer came: the network, the server, or what a browser does not let a page see. */
  | 'unreachable'
  /** An answer came that is not the server's: a proxy's page, for one. */
  | 'unexpected-answer'
  /**
   * What a text source or the server says of a stream that did not end well: `timeout`, `interrupted`, `provider-error`
   * …
   */
  | (string & {});

/** What went wrong, with all that the server said of it. */
export interface ProblemDetails {
  /** The HTTP status; 0 where there was no answer. */
  status?: number | undefined;
  title?: string | undefined;
  /** The field, parameter or header at fault. */
  field?: string | undefined;
  /** With `already-driven` and `stream-ended`: how the stream is. */
  streamStatus?: string | undefined;
  /** Seconds after which to ask again. */
  retryAfter?: number | undefined;
  /** The actor that cancelled the stream. */
  by?: string | undefined;
  cause?: unknown;
  /** @internal Whether anything came before the silence. */
  hasBegun?: boolean;
}

/** Why a request was refused, or why a stream did not end well. `type` tells cases apart, `message` is for people. */
export class StreamProblem extends Error {
  declare readonly type: ProblemType;
  /** The HTTP status; 0 where there was no answer, or where the problem is not a request's. */
  readonly status: number = 0;
  declare readonly title?: string;
  declare readonly field?: string;
  declare readonly streamStatus?: string;
  declare readonly retryAfter?: number;
  declare readonly by?: string;
  /** @internal */
  declare readonly hasBegun?: boolean;

  constructor(type: ProblemType, message: string, details?: ProblemDetails) {
    super(message);
    Object.assign(this, details, { name: 'StreamProblem', type });
  }
}

/** @internal From the JSON of a problem. */
export function problemSaid(
  said: Record<string, unknown> | null,
  retryAfter?: number,
  status = Number(said?.['status']),
): StreamProblem {
  const type = `${said?.['type'] ?? ''}`.replace(/^.*\//, '') || (status === 401 ? 'unauthenticated' : 'unexpected-answer');
  return new StreamProblem(type, `${said?.['detail'] ?? said?.['title'] ?? `The server answered ${status}.`}`, {
    ...said,
    status,
    retryAfter,
  });
}

/** @internal */
export async function problemOf(response: Response): Promise<StreamProblem> {
  const said = (await response.json().catch(() => null)) as Record<string, unknown> | null;
  const wanted = response.headers.get('Retry-After')!;
  // A date counts by the server's own clock, where a page may see it.
  const date = (Date.parse(wanted) - (Date.parse(response.headers.get('Date')!) || Date.now())) / 1000;
  return problemSaid(said, Number(wanted) || date || undefined, response.status);
}

/**
 * By status and type (log-damaged). Those that a pause, or another server behind the same address, may mend are not
 * among them.
 */
const final = /^(4(?!08|29)|501|500log-d)/;

/** @internal Of the caller, and not of what is asked for. */
export const isForbidden = (status: unknown) => status === 401 || status === 403;

/** @internal Whether asking again is of no use. */
export const isFinal = (problem: unknown): problem is StreamProblem =>
  problem instanceof StreamProblem && final.test(problem.status + problem.type);

/** @internal What fails otherwise than by a problem is one of this type; what the signal is aborted with passes. */
export async function guarded<T>(type: ProblemType, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    signal?.throwIfAborted();
    throw cause instanceof StreamProblem
      ? cause
      : new StreamProblem(type, `No answer: ${(cause as Error).message}`, { cause });
  }
}
