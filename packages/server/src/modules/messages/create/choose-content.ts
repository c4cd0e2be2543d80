import { emailFields, platformFields, pushFields, smsFields } from '@carillon/wire';
import type { Channel, CreateMessageBody, LiveActivity } from '@carillon/wire';
import { ApiError } from '../../../platform/http/api-error.ts';
import { overlayEmail, overlayPush, overlaySms } from '../../templates/index.ts';
import type { Content, EmailContent, PushContent, SmsContent } from '../../templates/index.ts';
import { wrong } from '../wrong-field.ts';

const FIELDS: Readonly<Record<Channel, readonly string[]>> = {
  email: Object.keys(emailFields),
  push: [...Object.keys(pushFields), ...Object.keys(platformFields)],
  sms: Object.keys(smsFields),
};

/**
 * What the message says: the template, with whatever the request itself gives put over it. The channel is the one
 * that the request names, or the template's, or push. Throws ApiError when the two are of different channels, or
 * say too little together.
 */
export function chooseContent(
  body: CreateMessageBody,
  named: Channel | null,
  template: Content | null,
): Content {
  const channel = named ?? template?.channel ?? 'push';
  if (template !== null && template.channel !== channel) {
    throw wrong('template_id', `names a template of ${template.channel}, and this message is of ${channel}`);
  }
  switch (channel) {
    case 'email':
      return chooseEmail(body, template?.channel === 'email' ? template : null);
    case 'push':
      return choosePush(body, template?.channel === 'push' ? template : null);
    case 'sms':
      return chooseSms(body, template?.channel === 'sms' ? template : null);
  }
}

/** Whether a request says anything itself that its template does not. */
export function hasOwnContent(body: CreateMessageBody, channel: Channel): boolean {
  const given: Readonly<Record<string, unknown>> = body;
  return FIELDS[channel].some((field) => given[field] !== undefined && given[field] !== null);
}

function chooseEmail(body: CreateMessageBody, template: EmailContent | null): EmailContent {
  const content = overlayEmail(body, template);
  if (content.subject === '') throw wrong('email_subject', MISSING);
  if (content.body === '') throw wrong('email_body', MISSING);
  return content;
}

/** A message that only wakes the app says nothing. */
function choosePush(body: CreateMessageBody, template: PushContent | null): PushContent {
  const content = overlayPush(body, template);
  const { contents = {}, content_available: wakes = false } = content.fields;
  if (!wakes || Object.keys(contents).length > 0) requireEnglish(contents);
  return content;
}

/** The start of an activity is announced; it may change and end in silence. */
export function chooseLiveActivity(body: CreateMessageBody, liveActivity: LiveActivity): PushContent {
  const content = overlayPush(body, null);
  const { contents = {} } = content.fields;
  if (liveActivity.event === 'start' || Object.keys(contents).length > 0) requireEnglish(contents);
  return { ...content, liveActivity };
}

function chooseSms(body: CreateMessageBody, template: SmsContent | null): SmsContent {
  const content = overlaySms(body, template);
  requireEnglish(content.contents);
  return content;
}

function requireEnglish(contents: Readonly<Record<string, string>>): void {
  if (!contents['en']?.trim()) throw new ApiError('message-contents');
}

const MISSING = 'is required unless template_id gives it';
