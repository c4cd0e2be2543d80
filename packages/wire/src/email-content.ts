import { Type } from 'typebox';
import type { Static } from 'typebox';
import { attachment } from './attachment.ts';
import { field, flagField, textField } from './field.ts';
import { utm } from './utm.ts';

/** What an email says and shows, as requests name it. Texts are Liquid, all but the sender's domain, the copies and `email_utm`. */
export const emailFields = {
  email_subject: textField,
  /** HTML, or MJML, which is compiled once. */
  email_body: textField,
  email_preheader: textField,
  email_from_name: textField,
  email_from_address: textField,
  email_sender_domain: textField,
  email_reply_to_address: textField,
  /** Addresses that get a copy of every email: at most 5, and not Liquid. */
  email_bcc: field(Type.Array(Type.String())),
  /** Ours: at most 10 files, which all recipients get. */
  email_attachments: field(Type.Array(attachment)),
  /** Ours: the alias of a data feed that is asked for each recipient; Liquid reads `data_feed.<alias>`. */
  data_feed: textField,
  disable_email_click_tracking: flagField,
  /** Ours: parameters for web analytics that links get, over those of the app's policy. */
  email_utm: field(utm),
};

const emailContent = Type.Object(emailFields);
export type EmailFields = Static<typeof emailContent>;
