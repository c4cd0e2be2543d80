import type { TemplateContent, TemplateView } from '@carillon/wire';
import type { Content } from './content.ts';
import { presentEmail } from './email/present-email.ts';
import { presentPush } from './push/present-push.ts';
import { presentSms } from './sms/present-sms.ts';

/** A content that an app keeps under a name. */
export interface Template {
  readonly id: string;
  readonly name: string;
  readonly content: Content;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** Keys that are there whatever the channel. */
const NOTHING: TemplateContent = {
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
  isEmail: null,
  email_body: null,
  email_subject: null,
  email_preheader: null,
  email_from_address: null,
  email_from_name: null,
  email_reply_to_address: null,
  email_bcc: null,
  disable_email_click_tracking: null,
  isSMS: null,
  sms_from: null,
  sms_media_urls: null,
  huawei_badge_add_num: null,
  huawei_badge_class: null,
  huawei_badge_set_num: null,
};

/** A template as the wire shows it. */
export function presentTemplate({ id, name, content, createdAt, updatedAt }: Template): TemplateView {
  const { channel, dynamicContent } = content;
  return {
    id,
    name,
    channel,
    created_at: createdAt.toISOString(),
    updated_at: updatedAt.toISOString(),
    content: {
      ...NOTHING,
      ...saidBy(content),
      ...(dynamicContent !== null && { dynamic_content: dynamicContent }),
    },
  };
}

function saidBy(content: Content): Partial<TemplateContent> {
  switch (content.channel) {
    case 'email':
      return presentEmail(content);
    case 'push':
      return presentPush(content);
    case 'sms':
      return presentSms(content);
  }
}
