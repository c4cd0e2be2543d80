import { Type } from 'typebox';
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

export interface ResendSettings extends MailApiAccount {
  readonly kind: 'resend';
  readonly apiKey: string;
  /** `whsec_` and base64. What Resend reports is refused without it. */
  readonly webhookSecret: string | null;
}

const BASE_URL = 'https://api.resend.com';

const body = Type.Object(
  {
    kind: Type.Literal('resend'),
    api_key: secretField('With the permission to send.'),
    webhook_secret: optionalField(
      Type.String({
        pattern: '^whsec_[A-Za-z0-9+/=]{16,}$',
        maxLength: 512,
        description: 'The signing secret of the webhook. What Resend reports is refused without it.',
      }),
    ),
    ...apiFields,
  },
  { additionalProperties: false },
);
const shown = Type.Object({
  kind: Type.Literal('resend'),
  has_webhook_secret: Type.Boolean(),
  ...shownApiFields,
});

/** Resend. */
export const resendKind: ProviderKind<ResendSettings, typeof body, typeof shown> = {
  transport: 'email',
  kind: 'resend',
  body,
  shown,
  secrets: ['apiKey', 'webhookSecret'],
  read: (given) => ({
    kind: 'resend',
    apiKey: given.api_key,
    webhookSecret: given.webhook_secret ?? null,
    ...readApiFields(given, BASE_URL),
  }),
  show: (settings) => ({
    kind: 'resend',
    has_webhook_secret: settings.webhookSecret !== null,
    ...showApiFields(settings),
  }),
};
