import { emailFields } from '@carillon/wire';
import type { CreateMessageBody } from '@carillon/wire';
import { overlayEmail } from '../../templates/index.ts';
import type { Content, EmailContent } from '../../templates/index.ts';
import { wrong } from '../wrong-field.ts';

const FIELDS = Object.keys(emailFields);

/**
 * What the message says: the template, with whatever the request itself gives put over it.
 * Throws ApiError when the template is of another channel, or when together they have no subject or no body.
 */
export function chooseContent(body: CreateMessageBody, template: Content | null): EmailContent {
  if (template !== null && template.channel !== 'email') {
    throw wrong('template_id', `names a template of ${template.channel}: only email can be sent so far`);
  }
  const content = overlayEmail(body, template);
  if (content.subject === '') throw wrong('email_subject', MISSING);
  if (content.body === '') throw wrong('email_body', MISSING);
  return content;
}

/** Whether a request says anything itself that its template does not. */
export function hasOwnContent(body: CreateMessageBody): boolean {
  const given: Readonly<Record<string, unknown>> = body;
  return FIELDS.some((field) => given[field] !== undefined && given[field] !== null);
}

const MISSING = 'is required unless template_id gives it';
