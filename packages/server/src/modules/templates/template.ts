import type { TemplateView } from '@carillon/wire';
import type { Content } from './content.ts';

/** A content that an app keeps under a name. */
export interface Template {
  readonly id: string;
  readonly name: string;
  readonly content: Content;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** Keys that belong to other channels. */
const NOT_EMAIL = {
  isAndroid: null,
  isIos: null,
  isMacOSX: null,
  isAdm: null,
  isAlexa: null,
  isWP: null,
  isWP_WNS: null,
  isChrome: null,
  isChromeWeb: null,
  isSafari: null,
  isFirefox: null,
  isEdge: null,
  isHuawei: null,
  headings: null,
  subtitle: null,
  contents: null,
  global_image: null,
  url: null,
  email_bcc: null,
  isSMS: null,
  sms_from: null,
  sms_media_urls: null,
  huawei_badge_add_num: null,
  huawei_badge_class: null,
  huawei_badge_set_num: null,
} as const;

/** A template as the wire shows it. */
export function presentTemplate({ id, name, content, createdAt, updatedAt }: Template): TemplateView {
  return {
    id,
    name,
    channel: content.channel,
    created_at: createdAt.toISOString(),
    updated_at: updatedAt.toISOString(),
    content: {
      ...NOT_EMAIL,
      isEmail: true,
      email_subject: content.subject === '' ? null : content.subject,
      email_body: content.body,
      email_preheader: content.preheader,
      email_from_address: content.fromAddress,
      email_from_name: content.fromName,
      email_reply_to_address: content.replyTo,
      disable_email_click_tracking: !content.trackClicks,
    },
  };
}
