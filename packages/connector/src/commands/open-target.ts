import type { Failure } from '@carillon/client';
import type { Connector } from '../config/config.ts';
import type { Destination } from '../destination/destination.ts';
import { MessagingApi } from '../destination/messaging-api.ts';

/** The destination as a run opens it. */
export function openTarget(
  { target }: Connector,
  onTrouble: (failure: Failure) => void = () => undefined,
): Destination {
  return new MessagingApi(target, { onTrouble });
}
