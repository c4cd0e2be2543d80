import { Type } from 'typebox';
import type { Static } from 'typebox';
import { emailFields } from './email-content.ts';
import { field, flagField } from './field.ts';
import { platformFields, pushFields } from './push-content.ts';
import { smsFields } from './sms-content.ts';

/**
 * What a template can be given. `isEmail` or `isSMS` says its channel; without them it is push, or what its
 * other fields are of. Fields that are not listed are ignored, as the API always did.
 */
const fields = {
  isEmail: flagField,
  isSMS: flagField,
  ...platformFields,
  ...pushFields,
  ...smsFields,
  ...emailFields,
  /** What Liquid sees as `dynamic_content`. The JSON itself, or that JSON as a text. */
  dynamic_content: field(Type.Union([Type.Record(Type.String(), Type.Unknown()), Type.String()])),
};

const templateName = Type.String({ minLength: 1, maxLength: 128 });

/** POST /templates */
export const createTemplateBody = Type.Object({ app_id: Type.String(), name: templateName, ...fields });
export type CreateTemplateBody = Static<typeof createTemplateBody>;

/** PATCH /templates/{template_id}: only what is named changes; null clears it. */
export const updateTemplateBody = Type.Object({ name: Type.Optional(templateName), ...fields });
export type UpdateTemplateBody = Static<typeof updateTemplateBody>;

/** A content without a name, as a preview takes it. */
export const templateContentBody = Type.Object(fields);
export type TemplateContentBody = Static<typeof templateContentBody>;

/** POST /templates/{template_id}/copy_to_app */
export const copyTemplateBody = Type.Object({ target_app_id: Type.String({ format: 'uuid' }) });

const textOrNull = Type.Union([Type.String(), Type.Null()]);
const flagOrNull = Type.Union([Type.Boolean(), Type.Null()]);
const integerOrNull = Type.Union([Type.Integer(), Type.Null()]);
const textsOrNull = Type.Union([Type.Record(Type.String(), Type.String()), Type.Null()]);
const listOrNull = Type.Union([Type.Array(Type.String()), Type.Null()]);

/**
 * What a template says. These keys are always there, null where its channel has no such thing or it is not
 * set; what else is set is there under the name that requests use.
 */
const templateContent = Type.Object(
  {
    isAndroid: flagOrNull,
    isIos: flagOrNull,
    isMacOSX: flagOrNull,
    isAdm: flagOrNull,
    isAlexa: flagOrNull,
    isWP: flagOrNull,
    isWP_WNS: flagOrNull,
    isChrome: flagOrNull,
    isChromeWeb: flagOrNull,
    isSafari: flagOrNull,
    isFirefox: flagOrNull,
    isEdge: flagOrNull,
    isHuawei: flagOrNull,
    headings: textsOrNull,
    subtitle: textsOrNull,
    contents: textsOrNull,
    global_image: textOrNull,
    url: textOrNull,
    isEmail: flagOrNull,
    email_body: textOrNull,
    email_subject: textOrNull,
    email_preheader: textOrNull,
    email_from_address: textOrNull,
    email_from_name: textOrNull,
    email_reply_to_address: textOrNull,
    email_bcc: listOrNull,
    disable_email_click_tracking: flagOrNull,
    isSMS: flagOrNull,
    sms_from: textOrNull,
    sms_media_urls: listOrNull,
    huawei_badge_add_num: integerOrNull,
    huawei_badge_class: textOrNull,
    huawei_badge_set_num: integerOrNull,
  },
  { additionalProperties: true },
);
export type TemplateContent = Static<typeof templateContent>;

const summary = {
  id: Type.String(),
  name: Type.String(),
  /** ISO 8601. */
  created_at: Type.String(),
  updated_at: Type.String(),
};

/** A template in an answer. */
export const templateView = Type.Object({
  ...summary,
  channel: Type.Enum(['push', 'email', 'sms']),
  content: templateContent,
});
export type TemplateView = Static<typeof templateView>;

/** Answer of a copy: the new template, and `success` for those who read only that. */
export const templateCopy = Type.Object({ success: Type.Boolean(), ...templateView.properties });
export type TemplateCopy = Static<typeof templateCopy>;

/** GET /templates: the oldest first. */
export const templateList = Type.Object({
  limit: Type.Integer(),
  offset: Type.Integer(),
  templates: Type.Array(Type.Object(summary)),
  total_count: Type.Integer(),
});
export type TemplateList = Static<typeof templateList>;
