import type { AddressInfo } from 'node:net';
import type { Database } from '@carillon/server';
import { Child } from '@carillon/test-kit';
import type { Bench } from '../benchmark.ts';
import { fcmAccessToken } from '../device-push/fcm-access-token.ts';
import { callPlatform } from '../platform/call-platform.ts';
import type { Calls } from './pace.ts';

/** The same calls to the least that could serve them, on the same database and to the same receiver. */
export async function barePushCalls(
  bench: Bench,
  { database, url }: { readonly database: Database; readonly url: string },
  origin: string,
  { at, addressOf }: Calls,
): Promise<Calls> {
  await database.run({
    name: '',
    text: 'create table bare_push (id bigint generated always as identity primary key, call jsonb not null)',
  });
  const settings = JSON.stringify({ databaseUrl: url, origin, accessToken: await fcmAccessToken(origin) });
  const child = new Child(new URL('bare-push-server.ts', import.meta.url), [settings]);
  bench.afterwards(() => child.kill());
  const { port } = (await child.message()) as AddressInfo;
  const call = callPlatform({ url: `http://127.0.0.1:${port}`, appKey: '' });
  bench.afterwards(() => call.close());
  return {
    at,
    addressOf,
    send: (n) =>
      call('POST', '/notifications', {
        token: addressOf(n),
        headings: { en: `Receipt ${n}` },
        contents: { en: `Your order ${n} is paid.` },
      }),
  };
}
