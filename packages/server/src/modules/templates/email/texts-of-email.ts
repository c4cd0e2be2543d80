import type { LiquidText } from '../liquid-text.ts';
import type { EmailContent } from './email-content.ts';

const FIELDS = [
  ['subject', 'email_subject'],
  ['body', 'email_body'],
  ['preheader', 'email_preheader'],
  ['fromName', 'email_from_name'],
  ['fromAddress', 'email_from_address'],
  ['replyTo', 'email_reply_to_address'],
] as const;

/** The texts of an email that are Liquid. */
export function textsOfEmail(content: EmailContent): LiquidText[] {
  return FIELDS.flatMap(([name, field]) => {
    const source = content[name];
    return source === null ? [] : [{ field, language: null, source, mayLoop: true }];
  });
}
