import { createECDH, randomBytes } from 'node:crypto';

/** Somebody's browser, as an app knows it. */
export interface Subscriber {
  readonly endpoint: string;
  /** base64url. */
  readonly keys: { readonly p256dh: string; readonly auth: string };
}

export function subscribersAt(origin: string, count: number): Subscriber[] {
  return Array.from({ length: count }, () => {
    const pair = createECDH('prime256v1');
    return {
      endpoint: `${origin}/wpush/v2/${randomBytes(96).toString('base64url')}`,
      keys: {
        p256dh: pair.generateKeys('base64url'),
        auth: randomBytes(16).toString('base64url'),
      },
    };
  });
}

export const TITLE = 'Your parcel is packed';
export const BODY = `It waits for the courier. ${'Green tea, black tea and a kettle. '.repeat(5)}`;
export const DATA = { order: '2026-1126-0042', carrier: 'north', stage: 'packed' };
export const URL_OPENED = 'https://shop.example/orders/2026-1126-0042?utm_source=push';

/** What a worker reads: some 400 bytes. */
export function payloadOf(messageId: string): string {
  const custom = { i: messageId, a: DATA, u: URL_OPENED };
  return JSON.stringify({ title: TITLE, alert: BODY, custom });
}
