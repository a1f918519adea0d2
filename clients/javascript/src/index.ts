export { StreamsClient, createClient, defaultClient, type RequestOptions } from './client.js';
export type { Clock } from './clock.js';
export { snapshotOf, type Initial, type ShownStatus, type Snapshot } from './fold.js';
export type { FollowOptions } from './iterator.js';
export { listOf, type ListSnapshot, type StreamList } from './list.js';
export { StreamProblem, type ProblemDetails, type ProblemType } from './problem.js';
export type { StreamOptions, TextStream } from './stream.js';
export type * from './types.js';
export type { ClientOptions } from './wire.js';
