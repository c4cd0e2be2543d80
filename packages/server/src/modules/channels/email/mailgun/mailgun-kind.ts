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

export interface MailgunSettings extends MailApiAccount {
  readonly kind: 'mailgun';
  readonly region: 'us' | 'eu';
  readonly domain: string;
  readonly apiKey: string;
  /** Signs what Mailgun reports, which is refused without it. */
  readonly webhookSigningKey: string | null;
}

const BASE_URLS = { us: 'https://api.mailgun.net', eu: 'https://api.eu.mailgun.net' } as const;

const said = {
  domain: Type.String({ pattern: '^[A-Za-z0-9.-]{1,253}$', description: 'The sending domain at Mailgun.' }),
  region: Type.Enum(['us', 'eu'], { description: 'Where the domain is: `us` when it is left out.' }),
};

const body = Type.Object(
  {
    kind: Type.Literal('mailgun'),
    ...said,
    region: Type.Optional(said.region),
    api_key: secretField('A sending key of the domain, or a key of the account.'),
    webhook_signing_key: optionalField(
      secretField('The HTTP webhook signing key. What Mailgun reports is refused without it.'),
    ),
    ...apiFields,
  },
  { additionalProperties: false },
);
const shown = Type.Object({
  kind: Type.Literal('mailgun'),
  ...said,
  has_webhook_signing_key: Type.Boolean(),
  ...shownApiFields,
});

/** Mailgun, over its v3 API. */
export const mailgunKind: ProviderKind<MailgunSettings, typeof body, typeof shown> = {
  transport: 'email',
  kind: 'mailgun',
  body,
  shown,
  secrets: ['apiKey', 'webhookSigningKey'],
  read: ({ domain, region = 'us', ...given }) => ({
    kind: 'mailgun',
    domain,
    region,
    apiKey: given.api_key,
    webhookSigningKey: given.webhook_signing_key ?? null,
    ...readApiFields(given, BASE_URLS[region]),
  }),
  show: (settings) => ({
    kind: 'mailgun',
    domain: settings.domain,
    region: settings.region,
    has_webhook_signing_key: settings.webhookSigningKey !== null,
    ...showApiFields(settings),
  }),
};
