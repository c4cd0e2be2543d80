import type { Channel } from '@carillon/wire';
import { nameId } from '../../platform/ids.ts';
import { EMPTY_EMAIL } from './email/email-content.ts';
import type { EmailContent } from './email/email-content.ts';
import { EMPTY_PUSH } from './push/push-content.ts';
import type { PushContent } from './push/push-content.ts';
import { EMPTY_SMS } from './sms/sms-content.ts';
import type { SmsContent } from './sms/sms-content.ts';

/** What a message says, before it is filled in for one person. */
export type Content = EmailContent | PushContent | SmsContent;

/** Contents that say nothing: what is left where nobody may read any more what was said. */
export const EMPTY: Readonly<Record<Channel, Content>> = {
  email: EMPTY_EMAIL,
  push: EMPTY_PUSH,
  sms: EMPTY_SMS,
};

/** A content as it was stored, perhaps by an older version that did not know all of its fields. */
export function readContent(stored: Pick<Content, 'channel'>): Content {
  return { ...EMPTY[stored.channel], ...stored } as Content;
}

/** Whether it has bytes of files in it: then it can be large, and is not to be remembered for long. */
export function bringsFiles(content: Content): boolean {
  return content.channel === 'email' && content.attachments.some((file) => file.content !== null);
}

/** The same content has the same id, in one app and in any: it is stored once in each. */
export function contentId(content: Content): string {
  return nameId(
    'content',
    JSON.stringify(Object.entries(inOrder(content)), (_, value: unknown) => inOrder(value)),
  );
}

/** Members by name: neither a request nor the database keeps one order. */
function inOrder<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))) as Value;
}
