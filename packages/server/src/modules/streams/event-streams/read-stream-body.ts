import type { EventStreamBody } from '@carillon/wire';
import { RETRY_SCHEDULE } from '../../webhooks/index.ts';
import type { StreamSettings } from './stream-settings.ts';
import { readTarget } from './targets/stream-target.ts';
import type { StreamTarget } from './targets/stream-target.ts';

export interface ReadStream {
  readonly settings: StreamSettings;
  /** The secret of a webhook, when it was made just now. */
  readonly madeSecret: string | null;
}

/**
 * The settings that a body of the shape `eventStreamBody` stands for. `before` is what the stream has: secrets stay
 * until others are given. Throws ApiError `request-invalid`, `liquid-invalid`.
 */
export function readStreamBody(
  body: EventStreamBody,
  before: StreamTarget | null,
  isReachable: (address: string) => boolean,
): ReadStream {
  const { filters = {}, retry_schedule: retrySchedule = RETRY_SCHEDULE } = body;
  const { target, madeSecret } = readTarget(body, before, isReachable);
  return { settings: { target, filters, retrySchedule }, madeSecret };
}
