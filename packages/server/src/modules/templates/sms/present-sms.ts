import type { TemplateContent } from '@carillon/wire';
import type { SmsContent } from './sms-content.ts';

/** The keys of a text message in a template's answer. */
export function presentSms({ contents, from, mediaUrls }: SmsContent): Partial<TemplateContent> {
  return {
    isSMS: true,
    contents: { ...contents },
    sms_from: from,
    sms_media_urls: mediaUrls.length === 0 ? null : [...mediaUrls],
  };
}
