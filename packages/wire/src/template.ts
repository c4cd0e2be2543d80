import { Type } from 'typebox';
import type { Static, TSchema } from 'typebox';

const nullable = <Schema extends TSchema>(schema: Schema) => Type.Union([schema, Type.Null()]);
const text = Type.Optional(nullable(Type.String()));
const texts = Type.Optional(nullable(Type.Record(Type.String(), Type.String())));

/**
 * What a template can be given. Fields that are not listed are ignored, as the API always did; what
 * would change the message and is not built yet is refused by name.
 */
const fields = {
  isEmail: Type.Optional(nullable(Type.Boolean())),
  isSMS: Type.Optional(nullable(Type.Boolean())),
  contents: texts,
  headings: texts,
  subtitle: texts,
  /** Liquid, as all texts here. */
  email_subject: text,
  /** HTML. */
  email_body: text,
  email_preheader: text,
  email_from_name: text,
  email_from_address: text,
  email_reply_to_address: text,
  email_bcc: Type.Optional(nullable(Type.Array(Type.String(), { maxItems: 5 }))),
  disable_email_click_tracking: Type.Optional(nullable(Type.Boolean())),
  dynamic_content: Type.Optional(Type.Unknown()),
};

const templateName = Type.String({ minLength: 1, maxLength: 128 });

/** POST /templates */
export const createTemplateBody = Type.Object({ app_id: Type.String(), name: templateName, ...fields });
export type CreateTemplateBody = Static<typeof createTemplateBody>;

/** PATCH /templates/{template_id}: only what is named changes; null clears it. */
export const updateTemplateBody = Type.Object({ name: Type.Optional(templateName), ...fields });
export type UpdateTemplateBody = Static<typeof updateTemplateBody>;

/** What a template says. The keys of other channels are there, and null. */
const templateContent = Type.Object({
  isAndroid: Type.Null(),
  isIos: Type.Null(),
  isMacOSX: Type.Null(),
  isAdm: Type.Null(),
  isAlexa: Type.Null(),
  isWP: Type.Null(),
  isWP_WNS: Type.Null(),
  isChrome: Type.Null(),
  isChromeWeb: Type.Null(),
  isSafari: Type.Null(),
  isFirefox: Type.Null(),
  isEdge: Type.Null(),
  isHuawei: Type.Null(),
  headings: Type.Null(),
  subtitle: Type.Null(),
  contents: Type.Null(),
  global_image: Type.Null(),
  url: Type.Null(),
  isEmail: Type.Boolean(),
  email_body: nullable(Type.String()),
  email_subject: nullable(Type.String()),
  email_preheader: nullable(Type.String()),
  email_from_address: nullable(Type.String()),
  email_from_name: nullable(Type.String()),
  email_reply_to_address: nullable(Type.String()),
  email_bcc: Type.Null(),
  disable_email_click_tracking: nullable(Type.Boolean()),
  isSMS: Type.Null(),
  sms_from: Type.Null(),
  sms_media_urls: Type.Null(),
  huawei_badge_add_num: Type.Null(),
  huawei_badge_class: Type.Null(),
  huawei_badge_set_num: Type.Null(),
});

const summary = {
  id: Type.String(),
  name: Type.String(),
  /** ISO 8601. */
  created_at: Type.String(),
  updated_at: Type.String(),
};

/** A template in an answer. */
export const templateView = Type.Object({ ...summary, channel: Type.String(), content: templateContent });
export type TemplateView = Static<typeof templateView>;

/** GET /templates: the oldest first. */
export const templateList = Type.Object({
  limit: Type.Integer(),
  offset: Type.Integer(),
  templates: Type.Array(Type.Object(summary)),
  total_count: Type.Integer(),
});
export type TemplateList = Static<typeof templateList>;
