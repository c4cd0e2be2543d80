import type { Channel } from '@carillon/wire';

export const CHANNELS = ['push', 'email', 'sms'] as const satisfies readonly Channel[];

/** How many subscriptions, by their channels. */
export type ChannelCounts = Readonly<Record<Channel, number>>;

export const NONE: ChannelCounts = { push: 0, email: 0, sms: 0 };

/** Without anything else that a row may have; nothing is none. */
export function byChannel({ push, email, sms }: ChannelCounts = NONE): ChannelCounts {
  return { push, email, sms };
}

export function addCounts(a: ChannelCounts, b: ChannelCounts): ChannelCounts {
  return { push: a.push + b.push, email: a.email + b.email, sms: a.sms + b.sms };
}

export function totalOf({ push, email, sms }: ChannelCounts): number {
  return push + email + sms;
}
