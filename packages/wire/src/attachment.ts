import { Type } from 'typebox';
import type { Static } from 'typebox';
import { textField } from './field.ts';

/** A file that comes with an email: `content`, its bytes in base64, or `url`, where they are. */
export const attachment = Type.Object(
  {
    filename: Type.String({ minLength: 1, maxLength: 255 }),
    content: textField,
    url: textField,
    /** When absent, what the URL's answer says, or what the name ends with. */
    content_type: textField,
  },
  { additionalProperties: false },
);
export type AttachmentField = Static<typeof attachment>;

/** A file as it is shown: what was sent along by its size. */
export const shownAttachment = Type.Object({
  filename: Type.String(),
  content_type: Type.Union([Type.String(), Type.Null()]),
  url: Type.Union([Type.String(), Type.Null()]),
  /** Bytes; null for a URL. */
  size: Type.Union([Type.Integer(), Type.Null()]),
});
export type ShownAttachment = Static<typeof shownAttachment>;
