import type { EndError } from './types.js';

/** @internal What followers and drivers are told, of whatever kind. */
export interface Told {
  status?: string;
  offset?: number;
  text?: string;
  length?: number;
  revision?: number;
  finishReason?: string;
  usage?: unknown;
  error?: EndError | string;
  part?: number;
  detail?: Record<string, unknown>;
}

/** @internal Instead of what has been told before. */
export const nothing: Told = { text: '' };
