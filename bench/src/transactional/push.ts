import { generateKeyPairSync } from 'node:crypto';
import { startFcmReceiver, systemClock } from '@carillon/server';
import type { Bench } from '../benchmark.ts';
import type { CallPlatform } from '../platform/call-platform.ts';
import type { Platform } from '../platform/start-platform.ts';
import { sendBulk } from '../users-bulk/send.ts';
import { pieces } from '../users-bulk/people.ts';
import type { Calls } from './pace.ts';

const tokenOf = (n: number) => `device:${n.toString(36).padStart(152, 'A')}`;
const nameOf = (n: number) => `phone-${n}`;

/** Calls that send one push each, to a local server that speaks FCM's HTTP v1 API. */
export async function pushCalls(
  bench: Bench,
  platform: Platform,
  call: CallPlatform,
  people: number,
): Promise<{ readonly calls: Calls; readonly origin: string }> {
  const at = new Map<string, number>();
  const receiver = await startFcmReceiver({
    clock: systemClock,
    host: '127.0.0.1',
    port: 0,
    take: async ({ token }) => void at.set(token, performance.now()),
  });
  bench.afterwards(() => receiver.close());
  const origin = `http://127.0.0.1:${receiver.port}`;
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const { appId } = platform;
  await call('PUT', `/apps/${appId}/channels/android_push`, {
    kind: 'fcm',
    service_account: {
      type: 'service_account',
      project_id: 'bench',
      client_email: 'bench@carillon.example',
      private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      token_uri: `${origin}/token`,
    },
    base_url: origin,
  });
  const lineOf = (n: number) =>
    `${JSON.stringify({ identity: { external_id: nameOf(n) }, subscriptions: [{ type: 'AndroidPush', token: tokenOf(n) }] })}\n`;
  await sendBulk(
    platform,
    pieces(people, (n) => lineOf(n + 1)),
  );
  const calls: Calls = {
    at,
    addressOf: tokenOf,
    send: (n) =>
      call('POST', '/notifications', {
        app_id: appId,
        target_channel: 'push',
        include_aliases: { external_id: [nameOf(n)] },
        headings: { en: 'Receipt {{ message.custom_data.order }}' },
        contents: { en: 'Your order {{ message.custom_data.order }} is paid.' },
        custom_data: { order: n },
      }),
  };
  return { calls, origin };
}
