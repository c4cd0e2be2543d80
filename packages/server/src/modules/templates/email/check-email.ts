import { isEmailAddress } from '../../identity/index.ts';
import { hasLiquid } from '../liquid-text.ts';
import { refuseField } from '../refuse-field.ts';
import { checkAttachments } from './check-attachments.ts';
import type { EmailContent } from './email-content.ts';

const MOST_COPIES = 5;
const DOMAIN = /^(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+[\p{L}\p{N}-]{2,}$/u;

/** Refuses addresses that no mail can go to or come from. What is Liquid is known only when it is filled in. */
export function checkEmail({
  fromAddress,
  replyTo,
  senderDomain,
  bcc,
  attachments,
  utm,
}: EmailContent): void {
  checkAddress('email_from_address', fromAddress);
  checkAddress('email_reply_to_address', withoutName(replyTo));
  checkCopies(bcc);
  checkAttachments(attachments);
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

function checkCopies(addresses: readonly string[]): void {
  if (addresses.length > MOST_COPIES) {
    refuseField('email_bcc', `can have at most ${MOST_COPIES} addresses; it has ${addresses.length}`);
  }
  for (const [index, address] of addresses.entries()) {
    if (isEmailAddress(address) && !hasLiquid(address)) continue;
    refuseField(`email_bcc[${index}]`, 'must be an email address such as archive@example.com', address);
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
