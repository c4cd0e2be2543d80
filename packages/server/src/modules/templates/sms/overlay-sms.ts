import type { SmsFields } from '@carillon/wire';
import { chosen } from '../chosen.ts';
import { overlayDynamicContent } from '../dynamic-content.ts';
import type { DynamicContentField } from '../dynamic-content.ts';
import type { SmsContent } from './sms-content.ts';

/** What a request gives, null included, over what was said before. */
export function overlaySms(fields: SmsFields & DynamicContentField, before: SmsContent | null): SmsContent {
  return {
    channel: 'sms',
    contents: chosen(fields.contents, before?.contents) ?? {},
    from: chosen(fields.sms_from, before?.from) || null,
    mediaUrls: chosen(fields.sms_media_urls, before?.mediaUrls) ?? [],
    dynamicContent: overlayDynamicContent(fields, before),
  };
}
