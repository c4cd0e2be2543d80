import { mailgunApi } from '../mailgun/mailgun-api.ts';
import type { MailgunSettings } from '../mailgun/mailgun-kind.ts';
import { postmarkApi } from '../postmark/postmark-api.ts';
import type { PostmarkSettings } from '../postmark/postmark-kind.ts';
import { resendApi } from '../resend/resend-api.ts';
import type { ResendSettings } from '../resend/resend-kind.ts';
import { sendGridApi } from '../sendgrid/sendgrid-api.ts';
import type { SendGridSettings } from '../sendgrid/sendgrid-kind.ts';
import { sesApi } from '../ses/ses-api.ts';
import type { SesSettings } from '../ses/ses-kind.ts';
import type { MailApi } from './mail-api.ts';

/** Providers that mails are handed to over HTTP. */
export type MailApiSettings =
  | SendGridSettings
  | SesSettings
  | MailgunSettings
  | PostmarkSettings
  | ResendSettings;

export function mailApiOf(settings: MailApiSettings): MailApi {
  switch (settings.kind) {
    case 'sendgrid':
      return sendGridApi(settings);
    case 'ses':
      return sesApi(settings);
    case 'mailgun':
      return mailgunApi(settings);
    case 'postmark':
      return postmarkApi(settings);
    case 'resend':
      return resendApi(settings);
  }
}
