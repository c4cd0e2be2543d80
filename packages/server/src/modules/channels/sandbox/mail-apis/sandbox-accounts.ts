import type { MailApiSettings } from '../../email/api/mail-apis.ts';
import { SENDGRID } from './sendgrid.ts';

type Kind = MailApiSettings['kind'];

const from_address = 'hello@shop.example';

/** What an app sets to send through one of the sandbox's providers, which are at `origin`. */
const ACCOUNTS: { readonly [K in Kind]: object } = {
  sendgrid: { api_key: SENDGRID.apiKey, webhook_public_key: SENDGRID.publicKey },
};

export const SANDBOX_MAIL_KINDS: readonly Kind[] = Object.keys(ACCOUNTS) as Kind[];

/** The body of `PUT /apps/{app_id}/channels/email` for one of the sandbox's providers. */
export function sandboxMailAccount(kind: Kind, origin: string): object {
  return { kind, ...ACCOUNTS[kind], from_address, base_url: `${origin}/${kind}` };
}
