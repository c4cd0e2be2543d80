import type { MailApiSettings } from '../../email/api/mail-apis.ts';
import { MAILGUN } from './mailgun.ts';
import { POSTMARK } from './postmark.ts';
import { RESEND } from './resend.ts';
import { SENDGRID } from './sendgrid.ts';
import { SES } from './ses.ts';

type Kind = MailApiSettings['kind'];

const from_address = 'hello@shop.example';

/** What an app sets to send through one of the sandbox's providers. */
const ACCOUNTS: { readonly [K in Kind]: object } = {
  sendgrid: { api_key: SENDGRID.apiKey, webhook_public_key: SENDGRID.publicKey },
  ses: {
    region: SES.region,
    access_key_id: SES.accessKeyId,
    secret_access_key: SES.secretAccessKey,
    topic_arn: SES.topicArn,
  },
  mailgun: {
    domain: 'shop.example',
    api_key: MAILGUN.apiKey,
    webhook_signing_key: MAILGUN.signingKey,
  },
  postmark: {
    server_token: POSTMARK.serverToken,
    webhook_user: POSTMARK.user,
    webhook_password: POSTMARK.password,
  },
  resend: { api_key: RESEND.apiKey, webhook_secret: RESEND.webhookSecret },
};

export const SANDBOX_MAIL_KINDS: readonly Kind[] = Object.keys(ACCOUNTS) as Kind[];

/** The body of `PUT /apps/{app_id}/channels/email` for one of the sandbox's providers, which are at `origin`. */
export function sandboxMailAccount(kind: Kind, origin: string): object {
  return { kind, ...ACCOUNTS[kind], from_address, base_url: `${origin}/${kind}` };
}
