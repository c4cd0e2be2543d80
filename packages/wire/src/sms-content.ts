import { Type } from 'typebox';
import type { Static } from 'typebox';
import { field, textField, textsField } from './field.ts';

/** What a text message says, as requests name it. */
export const smsFields = {
  /** Liquid. */
  contents: textsField,
  /** A number in E.164, or the id of a messaging service: `MG…`. The app's own sender when absent. */
  sms_from: textField,
  sms_media_urls: field(Type.Array(Type.String(), { maxItems: 10 })),
};

const smsContent = Type.Object(smsFields);
export type SmsFields = Static<typeof smsContent>;
