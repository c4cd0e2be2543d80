import { Type } from 'typebox';
import type { Static } from 'typebox';
import { invalidField } from '../../../../platform/http/invalid-field.ts';
import type { ProviderKind } from '../../provider-accounts/provider-kind.ts';
import { asBase64Url, makeVapidKeys, publicKeyOf } from './vapid-keys.ts';
import type { VapidKeys } from './vapid-keys.ts';
import type { WebPushSettings } from './web-push-settings.ts';

const kind = Type.Literal('vapid');
const subject = Type.String({
  minLength: 1,
  maxLength: 320,
  description:
    'Whom a push service can write to when something is wrong with what you send: `mailto:you@example.com` or an `https` address.',
});
const publicKey = Type.String({
  maxLength: 128,
  description: 'The public key that browsers subscribe with, base64url. Give both keys or neither.',
});

const body = Type.Object(
  {
    kind,
    subject,
    vapid_public_key: Type.Optional(publicKey),
    vapid_private_key: Type.Optional(
      Type.String({
        maxLength: 128,
        description:
          'The private key of the pair, base64url. Without keys, the app keeps the pair that it has, or gets a new one.',
      }),
    ),
  },
  { additionalProperties: false },
);
const shown = Type.Object({ kind, subject, vapid_public_key: publicKey });

type Body = Static<typeof body>;

/** Web push, with the app's key pair. `read` takes the settings that it replaces: a pair stays until another is given. */
export const webPushKind: ProviderKind<WebPushSettings, typeof body, typeof shown> = {
  transport: 'web_push',
  kind: 'vapid',
  body,
  shown,
  secrets: ['privateKey'],
  read: (given: Body, before: WebPushSettings | null = null) => ({
    kind: 'vapid',
    subject: readSubject(given.subject),
    ...(readKeys(given) ?? keysOf(before) ?? makeVapidKeys()),
  }),
  show: ({ subject, publicKey }) => ({ kind: 'vapid', subject, vapid_public_key: publicKey }),
};

/** Browsers that subscribed with a pair can be reached with that pair alone: it is not replaced in passing. */
function keysOf(before: WebPushSettings | null): VapidKeys | null {
  return before === null ? null : { publicKey: before.publicKey, privateKey: before.privateKey };
}

function readKeys({ vapid_public_key: open, vapid_private_key: secret }: Body): VapidKeys | null {
  if (open === undefined && secret === undefined) return null;
  if (open === undefined) throw invalidField('vapid_public_key', 'is missing beside vapid_private_key');
  if (secret === undefined) throw invalidField('vapid_private_key', 'is missing beside vapid_public_key');
  const belonging = publicKeyOf(secret);
  if (belonging === null) {
    throw invalidField('vapid_private_key', 'must be the 32 bytes of a P-256 private key, as base64url');
  }
  if (asBase64Url(open) !== belonging) {
    throw invalidField('vapid_public_key', 'must be the public key that belongs to vapid_private_key');
  }
  return { publicKey: belonging, privateKey: asBase64Url(secret) };
}

/** RFC 8292 asks for a URI of one of these two kinds, and some push services refuse others. */
function readSubject(text: string): string {
  const isMail = /^mailto:[^\s@]+@[^\s@]+$/.test(text);
  const isSite = URL.canParse(text) && new URL(text).protocol === 'https:';
  if (!isMail && !isSite) throw invalidField('subject', 'must be mailto:<email address> or an https address');
  return text;
}
