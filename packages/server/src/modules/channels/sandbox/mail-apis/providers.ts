import type { MailProvider } from './mail-provider.ts';
import { sandboxMailgun } from './mailgun.ts';
import { sandboxPostmark } from './postmark.ts';
import { sandboxResend } from './resend.ts';
import { sandboxSendGrid } from './sendgrid.ts';
import { sandboxSes } from './ses.ts';

/** The providers whose APIs the sandbox plays, by the first part of their addresses. */
const PROVIDERS: ReadonlyMap<string, MailProvider> = new Map([
  ['sendgrid', sandboxSendGrid],
  ['ses', sandboxSes],
  ['mailgun', sandboxMailgun],
  ['postmark', sandboxPostmark],
  ['resend', sandboxResend],
]);

export const SANDBOX_MAIL_PROVIDERS: readonly string[] = [...PROVIDERS.keys()];

export function mailProviderOf(name: string): MailProvider | null {
  return PROVIDERS.get(name) ?? null;
}
