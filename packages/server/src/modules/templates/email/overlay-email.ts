import type { EmailFields } from '@carillon/wire';
import { overlayDynamicContent } from '../dynamic-content.ts';
import type { DynamicContentField } from '../dynamic-content.ts';
import { chosen } from '../chosen.ts';
import { readAttachment } from './attachment.ts';
import type { EmailContent } from './email-content.ts';

/** What a request gives, null included, over what was said before. Subject and body may come out empty. */
export function overlayEmail(
  fields: EmailFields & DynamicContentField,
  before: EmailContent | null,
): EmailContent {
  return {
    channel: 'email',
    subject: chosen(fields.email_subject, before?.subject) ?? '',
    body: chosen(fields.email_body, before?.body) ?? '',
    // A new body is not what the former one was compiled from.
    mjml: fields.email_body === undefined ? (before?.mjml ?? null) : null,
    preheader: chosen(fields.email_preheader, before?.preheader),
    fromName: chosen(fields.email_from_name, before?.fromName),
    fromAddress: chosen(fields.email_from_address, before?.fromAddress),
    senderDomain: chosen(fields.email_sender_domain, before?.senderDomain),
    replyTo: chosen(fields.email_reply_to_address, before?.replyTo),
    bcc: [...new Set(chosen(fields.email_bcc, before?.bcc))],
    attachments: chosen(fields.email_attachments?.map(readAttachment), before?.attachments) ?? [],
    trackClicks: !(fields.disable_email_click_tracking ?? before?.trackClicks === false),
    utm: chosen(fields.email_utm, before?.utm),
    dataFeed: chosen(fields.data_feed, before?.dataFeed) || null,
    dynamicContent: overlayDynamicContent(fields, before),
  };
}
