import type { MailProvider } from './mail-provider.ts';
import { sandboxSendGrid } from './sendgrid.ts';

/** The providers whose APIs the sandbox plays, by the first part of their addresses. */
const PROVIDERS: ReadonlyMap<string, MailProvider> = new Map([['sendgrid', sandboxSendGrid]]);

export const SANDBOX_MAIL_PROVIDERS: readonly string[] = [...PROVIDERS.keys()];

export function mailProviderOf(name: string): MailProvider | null {
  return PROVIDERS.get(name) ?? null;
}
