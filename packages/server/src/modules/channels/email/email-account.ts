import type { MailApiSettings } from './api/mail-apis.ts';
import type { SmtpSettings } from './smtp/smtp-account.ts';

/** How an app sends email. */
export type EmailSettings = SmtpSettings | MailApiSettings | NullSettings;

/** Takes every mail and drops it: to measure everything but the mail itself. */
export interface NullSettings {
  readonly kind: 'null';
}
