import { isEmailAddress } from '../../identity/index.ts';
import { hasLiquid } from '../liquid-text.ts';
import { refuseField } from '../refuse-field.ts';
import type { EmailContent } from './email-content.ts';

const DOMAIN = /^(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+[\p{L}\p{N}-]{2,}$/u;

/** Refuses addresses that no mail can go to or come from. What is Liquid is known only when it is filled in. */
export function checkEmail({ fromAddress, replyTo, senderDomain, bcc, utm }: EmailContent): void {
  checkAddress('email_from_address', fromAddress);
  checkAddress('email_reply_to_address', withoutName(replyTo));
  for (const [index, address] of bcc.entries()) checkAddress(`email_bcc[${index}]`, address);
  if (senderDomain && !DOMAIN.test(senderDomain)) {
    refuseField('email_sender_domain', 'must be a domain such as mail.example.com', senderDomain);
  }
  for (const [name, value] of Object.entries(utm ?? {})) {
    if (!hasLiquid(value ?? '')) continue;
    refuseField(
      `email_utm.${name}`,
      'is not filled in for each person: write it without {{ and {%',
      value ?? '',
    );
  }
}

function checkAddress(field: string, address: string | null): void {
  if (address === null || address === '' || hasLiquid(address) || isEmailAddress(address)) return;
  refuseField(field, 'must be an email address such as name@example.com', address);
}

/** `Shop <help@shop.example>` is an address with a name. */
function withoutName(mailbox: string | null): string | null {
  return mailbox === null ? null : (/<([^<>]*)>\s*$/.exec(mailbox)?.[1] ?? mailbox);
}
