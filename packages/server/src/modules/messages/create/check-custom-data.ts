import type { Channel } from '@carillon/wire';
import { wrong } from '../wrong-field.ts';

/** Bytes of JSON: what a push service or a network carries is far smaller than a mail. */
const MOST_BYTES: Readonly<Record<Channel, number>> = { email: 10_000, push: 2_048, sms: 2_048 };

/** Throws ApiError where the data of a message's templates is larger than its channel has. */
export function checkCustomData(
  channel: Channel,
  data: Readonly<Record<string, unknown>> | null | undefined,
): void {
  const size = Buffer.byteLength(JSON.stringify(data ?? {}));
  const most = MOST_BYTES[channel];
  if (size > most) {
    throw wrong('custom_data', `must be at most ${most} bytes of JSON for ${channel}; it is ${size}`);
  }
}
