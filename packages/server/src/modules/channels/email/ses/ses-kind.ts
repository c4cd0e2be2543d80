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

export interface SesSettings extends MailApiAccount {
  readonly kind: 'ses';
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Publishes what becomes of mails. */
  readonly configurationSet: string | null;
  /** The topic of SNS that it is published to. Reports of any other are refused, and all without it. */
  readonly topicArn: string | null;
}

const text = (pattern: string, description: string) => Type.String({ pattern, maxLength: 256, description });
const said = {
  region: text('^[a-z]{2}(-[a-z]+)+-\\d$', 'Of the verified sender: `eu-central-1`.'),
  access_key_id: text('^[A-Za-z0-9]{4,128}$', 'Of a user that may `ses:SendEmail`.'),
};
const configuration_set = text(
  '^[\\w-]{1,64}$',
  'The configuration set whose event destination is the topic.',
);
const topic_arn = text(
  '^arn:aws[a-z-]*:sns:[a-z0-9-]+:\\d{12}:[\\w-]{1,256}$',
  'The topic of Amazon SNS that SES publishes events to. Reports are refused without it, and of any other topic.',
);

const body = Type.Object(
  {
    kind: Type.Literal('ses'),
    ...said,
    secret_access_key: secretField('The secret of that key.'),
    configuration_set: optionalField(configuration_set),
    topic_arn: optionalField(topic_arn),
    ...apiFields,
  },
  { additionalProperties: false },
);
const shown = Type.Object({
  kind: Type.Literal('ses'),
  ...said,
  configuration_set: Type.Union([configuration_set, Type.Null()]),
  topic_arn: Type.Union([topic_arn, Type.Null()]),
  ...shownApiFields,
});

/** Amazon SES, over its API of version 2. */
export const sesKind: ProviderKind<SesSettings, typeof body, typeof shown> = {
  transport: 'email',
  kind: 'ses',
  body,
  shown,
  secrets: ['secretAccessKey'],
  read: ({ region, ...given }) => ({
    kind: 'ses',
    region,
    accessKeyId: given.access_key_id,
    secretAccessKey: given.secret_access_key,
    configurationSet: given.configuration_set ?? null,
    topicArn: given.topic_arn ?? null,
    ...readApiFields(given, `https://email.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`),
  }),
  show: (settings) => ({
    kind: 'ses',
    region: settings.region,
    access_key_id: settings.accessKeyId,
    configuration_set: settings.configurationSet,
    topic_arn: settings.topicArn,
    ...showApiFields(settings),
  }),
};
