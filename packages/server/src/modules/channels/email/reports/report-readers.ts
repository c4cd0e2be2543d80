import type { MailApiSettings } from '../api/mail-apis.ts';
import { mailgunReports } from '../mailgun/mailgun-reports.ts';
import { postmarkReports } from '../postmark/postmark-reports.ts';
import { resendReports } from '../resend/resend-reports.ts';
import { sendGridReports } from '../sendgrid/sendgrid-reports.ts';
import { sesReports } from '../ses/ses-reports.ts';
import type { ReportReader } from './report-reader.ts';

type Kind = MailApiSettings['kind'];

/** By the kind of provider: how it tells what became of mails. */
const READERS: { readonly [K in Kind]: ReportReader<Extract<MailApiSettings, { readonly kind: K }>> } = {
  sendgrid: sendGridReports,
  ses: sesReports,
  mailgun: mailgunReports,
  postmark: postmarkReports,
  resend: resendReports,
};

export const REPORTING_KINDS: readonly Kind[] = Object.keys(READERS) as Kind[];

/** The reader for an account. */
export function readerFor(settings: MailApiSettings): ReportReader<MailApiSettings> {
  return READERS[settings.kind];
}
