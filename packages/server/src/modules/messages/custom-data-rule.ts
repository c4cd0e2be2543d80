import type { Channel } from '@carillon/wire';

/** Bytes of JSON: what a push service or a network carries is far smaller than a mail. */
const MOST_BYTES: Readonly<Record<Channel, number>> = { email: 10_000, push: 2_048, sms: 2_048 };

/** The rule that `custom_data` breaks on a channel; null when it breaks none. */
export function customDataRule(
  channel: Channel,
  data: Readonly<Record<string, unknown>> | null | undefined,
): string | null {
  const size = Buffer.byteLength(JSON.stringify(data ?? {}));
  const most = MOST_BYTES[channel];
  return size > most ? `must be at most ${most} bytes of JSON for ${channel}; it is ${size}` : null;
}
