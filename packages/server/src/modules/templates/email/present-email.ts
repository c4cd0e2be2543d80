import type { TemplateContent } from '@carillon/wire';
import { presentAttachment } from './attachment.ts';
import type { EmailContent } from './email-content.ts';

/** The keys of an email in a template's answer. */
export function presentEmail(content: EmailContent): Partial<TemplateContent> {
  const { subject, senderDomain, utm, attachments, dataFeed } = content;
  return {
    isEmail: true,
    email_subject: subject === '' ? null : subject,
    email_body: content.mjml ?? content.body,
    email_preheader: content.preheader,
    email_from_address: content.fromAddress,
    email_from_name: content.fromName,
    email_reply_to_address: content.replyTo,
    email_bcc: content.bcc.length === 0 ? null : [...content.bcc],
    disable_email_click_tracking: !content.trackClicks,
    ...(senderDomain !== null && { email_sender_domain: senderDomain }),
    ...(attachments.length > 0 && { email_attachments: attachments.map(presentAttachment) }),
    ...(dataFeed !== null && { data_feed: dataFeed }),
    ...(utm !== null && { email_utm: utm }),
  };
}
