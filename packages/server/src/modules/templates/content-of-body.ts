import type { UpdateTemplateBody } from '@carillon/wire';
import { ApiError } from '../../platform/http/api-error.ts';
import type { Content } from './content.ts';

/**
 * The content that a request describes: what it names, over what the template said `before`. What
 * would change the message and is not built yet is refused. A template may lack a subject; the
 * message that uses it must then bring one.
 */
export function contentOfBody(body: UpdateTemplateBody, before: Content | null): Content {
  refuseUnbuilt(body, before);
  const content: Content = {
    channel: 'email',
    subject: chosen(body.email_subject, before?.subject) ?? '',
    body: chosen(body.email_body, before?.body) ?? '',
    preheader: chosen(body.email_preheader, before?.preheader),
    fromName: chosen(body.email_from_name, before?.fromName),
    fromAddress: chosen(body.email_from_address, before?.fromAddress),
    replyTo: chosen(body.email_reply_to_address, before?.replyTo),
    trackClicks: !(body.disable_email_click_tracking ?? before?.trackClicks === false),
  };
  if (content.body.trim() === '') throw new ApiError('template-email-body');
  return content;
}

/** What the request gives, null included; else what there was. */
function chosen(given: string | null | undefined, before: string | null | undefined): string | null {
  return given === undefined ? (before ?? null) : given;
}

function refuseUnbuilt(body: UpdateTemplateBody, before: Content | null): void {
  const isEmail = body.isEmail ?? (before !== null || body.email_body !== undefined);
  const says = Object.keys(body.contents ?? {}).length > 0;
  if (!isEmail && !says && body.isSMS !== true) throw new ApiError('template-contents');
  if (!isEmail || body.isSMS === true)
    refuse('isEmail', 'must be true: templates of other channels are not built yet');
  if ((body.email_bcc ?? []).length > 0) refuse('email_bcc', 'is not built yet: leave it out');
  if ((body.dynamic_content ?? null) !== null) refuse('dynamic_content', 'is not built yet: leave it out');
}

function refuse(field: string, rule: string): never {
  throw new ApiError('request-invalid', { params: { field, rule } });
}
