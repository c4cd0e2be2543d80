import { Type } from 'typebox';
import { invalidField } from '../../../../platform/http/invalid-field.ts';
import type { ProviderKind } from '../../provider-accounts/provider-kind.ts';
import {
  apiFields,
  optionalField,
  readApiFields,
  secretField,
  showApiFields,
  shownApiFields,
} from '../api/api-fields.ts';
import type { MailApiAccount } from '../api/mail-api.ts';
import { readVerificationKey } from './event-signature.ts';

export interface SendGridSettings extends MailApiAccount {
  readonly kind: 'sendgrid';
  readonly apiKey: string;
  /** Of the signed event webhook: base64 of a public key of P-256. Reports are refused without it. */
  readonly webhookPublicKey: string | null;
}

const BASE_URL = 'https://api.sendgrid.com';

const webhook_public_key = Type.String({
  maxLength: 512,
  description:
    'The verification key of the signed event webhook. What SendGrid reports is refused without it.',
});

const body = Type.Object(
  {
    kind: Type.Literal('sendgrid'),
    api_key: secretField('With the permission Mail Send.'),
    webhook_public_key: optionalField(webhook_public_key),
    ...apiFields,
  },
  { additionalProperties: false },
);
const shown = Type.Object({
  kind: Type.Literal('sendgrid'),
  webhook_public_key: Type.Union([webhook_public_key, Type.Null()]),
  ...shownApiFields,
});

/** Twilio SendGrid, over its v3 API. */
export const sendGridKind: ProviderKind<SendGridSettings, typeof body, typeof shown> = {
  transport: 'email',
  kind: 'sendgrid',
  body,
  shown,
  secrets: ['apiKey'],
  read(given) {
    const webhookPublicKey = given.webhook_public_key ?? null;
    if (webhookPublicKey !== null && readVerificationKey(webhookPublicKey) === null) {
      throw invalidField(
        'webhook_public_key',
        'must be the verification key as SendGrid shows it, in base64',
      );
    }
    return { kind: 'sendgrid', apiKey: given.api_key, webhookPublicKey, ...readApiFields(given, BASE_URL) };
  },
  show: (settings) => ({
    kind: 'sendgrid',
    webhook_public_key: settings.webhookPublicKey,
    ...showApiFields(settings),
  }),
};
