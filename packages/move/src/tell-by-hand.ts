import { ask } from './ask.ts';
import type { Move } from './move.ts';

const CHANNELS = [
  'web_push',
  'ios_push',
  'android_push',
  'huawei_push',
  'amazon_push',
  'email',
  'sms',
] as const;
type Channel = (typeof CHANNELS)[number];

/** What no API gives away, and where it goes here. */
const SECRETS: Readonly<Record<Exclude<Channel, 'web_push'>, string>> = {
  ios_push: 'the .p8 key of Apple, with key id, team id and bundle id (docs/guides/push.md)',
  android_push: 'the service account of Firebase, of the same project (docs/guides/push.md)',
  huawei_push: 'the credentials of AppGallery (docs/guides/push.md)',
  amazon_push: 'the client of ADM (docs/guides/push.md)',
  email: 'the mail server or mail provider (docs/guides/email.md)',
  sms: 'the account of the SMS provider (docs/guides/sms.md)',
};

/** Tells what is to be entered by hand: for each way out, until the app has a provider there. */
export async function tellByHand({ to, options, say }: Move): Promise<void> {
  for (const channel of CHANNELS) {
    const { providers } = await ask('Carillon', to.providers.list(channel));
    const route = `PUT ${options.to.url}/apps/${options.to.appId}/channels/${channel}`;
    const key = providers.find(({ kind }) => kind === 'vapid')?.['vapid_public_key'];
    const need = channel === 'web_push' ? webPush(key) : providers.length > 0 ? null : SECRETS[channel];
    if (need === null) continue;
    say({ step: 'by-hand', channel, route, need }, `by hand: ${channel}: ${need}\n    ${route}`);
  }
  const need =
    'journeys, in-app messages and the history of messages are not copied; neither is the dynamic content of templates';
  say({ step: 'by-hand', channel: null, route: null, need }, `by hand: ${need}`);
}

function webPush(key: unknown): string {
  const pair = 'the VAPID pair that the browsers subscribed with, both halves; ask the support of OneSignal';
  return typeof key === 'string'
    ? `${pair}. Set here: ${key}; if this is that public key, nothing is left to do`
    : `${pair} (docs/guides/web-push.md)`;
}
