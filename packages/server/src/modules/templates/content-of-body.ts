import type { Channel, TemplateContentBody } from '@carillon/wire';
import { ApiError } from '../../platform/http/api-error.ts';
import type { Content } from './content.ts';
import { overlayEmail } from './email/overlay-email.ts';
import { overlayPush } from './push/overlay-push.ts';
import { refuseField } from './refuse-field.ts';
import { overlaySms } from './sms/overlay-sms.ts';
import { FALL_BACK } from './texts.ts';
import type { Texts } from './texts.ts';

/**
 * The content that a request describes: what it names, over what the template said `before`. A template may
 * lack a subject; the message that uses it must then bring one. What is of other channels is ignored.
 */
export function contentOfBody(body: TemplateContentBody, before: Content | null): Content {
  const channel = channelOf(body);
  if (before !== null && channel !== null && channel !== before.channel) {
    refuseField(...flagOf(channel, before.channel));
  }
  switch (before?.channel ?? channel ?? 'push') {
    case 'email': {
      const content = overlayEmail(body, before?.channel === 'email' ? before : null);
      if (content.body.trim() === '') throw new ApiError('template-email-body');
      return content;
    }
    case 'sms': {
      const content = overlaySms(body, before?.channel === 'sms' ? before : null);
      requireEnglish(content.contents);
      return content;
    }
    case 'push': {
      const content = overlayPush(body, before?.channel === 'push' ? before : null);
      // A message that only wakes the app says nothing.
      const { contents = {}, content_available: silent = false } = content.fields;
      if (!silent || Object.keys(contents).length > 0) requireEnglish(contents);
      return content;
    }
  }
}

/** What the flags say; without them, what only one channel has. Null when it may be any. */
function channelOf(body: TemplateContentBody): Channel | null {
  if (body.isEmail === true && body.isSMS === true) throw new ApiError('message-channels');
  if (body.isEmail === true) return 'email';
  if (body.isSMS === true) return 'sms';
  if (body.isEmail !== false && says(body.email_body)) return 'email';
  if (body.isSMS !== false && (says(body.sms_from) || says(body.sms_media_urls))) return 'sms';
  return null;
}

function says(value: string | readonly string[] | null | undefined): boolean {
  return value !== null && value !== undefined && value.length > 0;
}

function flagOf(asked: Channel, before: Channel): [field: string, rule: string] {
  const field = asked === 'email' ? 'isEmail' : 'isSMS';
  return [
    field,
    `cannot be true: this template is of ${before}, and a channel stays. Create another template`,
  ];
}

function requireEnglish(contents: Texts): void {
  if (!contents[FALL_BACK]?.trim()) throw new ApiError('template-contents');
}
