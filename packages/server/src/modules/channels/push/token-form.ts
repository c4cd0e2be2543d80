import type { Outcome } from '../channel.ts';

/** No service gives out others, and one of another form may spoil a request for many. */
const TOKEN = /^[!-~]{1,2048}$/;

export function isToken(text: string): boolean {
  return TOKEN.test(text);
}

export const NO_TOKEN: Outcome = {
  state: 'failed',
  reason: 'the token of the subscription is none: those have letters, digits and signs, and no spaces',
  address: { notificationTypes: -10 },
};
