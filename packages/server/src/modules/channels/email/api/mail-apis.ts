import { sendGridApi } from '../sendgrid/sendgrid-api.ts';
import type { SendGridSettings } from '../sendgrid/sendgrid-kind.ts';
import type { MailApi } from './mail-api.ts';

/** Providers that mails are handed to over HTTP. */
export type MailApiSettings = SendGridSettings;

export function mailApiOf(settings: MailApiSettings): MailApi {
  switch (settings.kind) {
    case 'sendgrid':
      return sendGridApi(settings);
  }
}
