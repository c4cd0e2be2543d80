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

export interface PostmarkSettings extends MailApiAccount {
  readonly kind: 'postmark';
  readonly serverToken: string;
  readonly messageStream: string;
  /** What Postmark's webhooks show, because Postmark signs nothing: both or none. They are refused without them. */
  readonly webhookUser: string | null;
  readonly webhookPassword: string | null;
}

const BASE_URL = 'https://api.postmarkapp.com';
const DEFAULT_STREAM = 'outbound';

const message_stream = Type.String({
  pattern: '^[a-z0-9][a-z0-9_-]{0,63}$',
  description: `The message stream: \`broadcast\` for one of many recipients. \`${DEFAULT_STREAM}\` when it is left out.`,
});
const webhook_user = Type.String({
  pattern: '^[^:\\s]{1,128}$',
  description:
    'The name in the HTTP authentication of the webhooks. What Postmark reports is refused without it.',
});

const body = Type.Object(
  {
    kind: Type.Literal('postmark'),
    server_token: secretField('The API token of the server.'),
    message_stream: Type.Optional(message_stream),
    webhook_user: optionalField(webhook_user),
    webhook_password: optionalField(secretField('The password in the HTTP authentication of the webhooks.')),
    ...apiFields,
  },
  { additionalProperties: false },
);
const shown = Type.Object({
  kind: Type.Literal('postmark'),
  message_stream,
  webhook_user: Type.Union([webhook_user, Type.Null()]),
  ...shownApiFields,
});

/** Postmark. */
export const postmarkKind: ProviderKind<PostmarkSettings, typeof body, typeof shown> = {
  transport: 'email',
  kind: 'postmark',
  body,
  shown,
  secrets: ['serverToken', 'webhookPassword'],
  read(given) {
    const webhookUser = given.webhook_user ?? null;
    const webhookPassword = given.webhook_password ?? null;
    if ((webhookUser === null) !== (webhookPassword === null)) {
      const [missing, other] = webhookUser === null ? ['user', 'password'] : ['password', 'user'];
      throw invalidField(`webhook_${missing}`, `must be there with webhook_${other}: send both or none`);
    }
    return {
      kind: 'postmark',
      serverToken: given.server_token,
      messageStream: given.message_stream ?? DEFAULT_STREAM,
      webhookUser,
      webhookPassword,
      ...readApiFields(given, BASE_URL),
    };
  },
  show: (settings) => ({
    kind: 'postmark',
    message_stream: settings.messageStream,
    webhook_user: settings.webhookUser,
    ...showApiFields(settings),
  }),
};
