import type { UpdateTemplateBody } from '@carillon/wire';
import type { Content } from './content.ts';

/** The fields of an email as requests name them: a template's and a message's alike. */
export type EmailFields = Pick<
  UpdateTemplateBody,
  | 'email_subject'
  | 'email_body'
  | 'email_preheader'
  | 'email_from_name'
  | 'email_from_address'
  | 'email_reply_to_address'
  | 'disable_email_click_tracking'
>;

/** What a request gives, null included, over what was said before. Subject and body may come out empty. */
export function overlayContent(fields: EmailFields, before: Content | null): Content {
  return {
    channel: 'email',
    subject: chosen(fields.email_subject, before?.subject) ?? '',
    body: chosen(fields.email_body, before?.body) ?? '',
    preheader: chosen(fields.email_preheader, before?.preheader),
    fromName: chosen(fields.email_from_name, before?.fromName),
    fromAddress: chosen(fields.email_from_address, before?.fromAddress),
    replyTo: chosen(fields.email_reply_to_address, before?.replyTo),
    trackClicks: !(fields.disable_email_click_tracking ?? before?.trackClicks === false),
  };
}

function chosen(given: string | null | undefined, before: string | null | undefined): string | null {
  return given === undefined ? (before ?? null) : given;
}
