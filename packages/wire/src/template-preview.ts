import { Type } from 'typebox';
import type { Static } from 'typebox';
import { templateContentBody } from './template.ts';

const textOrNull = Type.Union([Type.String(), Type.Null()]);

/** Somebody who need not exist. What is absent is missing. */
const madeUpUser = Type.Object(
  {
    external_id: Type.Optional(Type.String()),
    onesignal_id: Type.Optional(Type.String()),
    language: Type.Optional(Type.String()),
    country: Type.Optional(Type.String()),
    timezone_id: Type.Optional(Type.String()),
    email: Type.Optional(Type.String()),
    phone_number: Type.Optional(Type.String()),
    tags: Type.Optional(Type.Record(Type.String(), Type.String())),
  },
  { additionalProperties: false },
);

/** POST /apps/{app_id}/templates/preview: a saved template or one given here, for a user or for one made up. */
export const templatePreviewBody = Type.Object(
  {
    template_id: Type.Optional(Type.String({ format: 'uuid' })),
    /** What `POST /templates` takes, without `name`. */
    template: Type.Optional(templateContentBody),
    /** One alias: `{"external_id": "anna-42"}`. */
    user: Type.Optional(Type.Record(Type.String(), Type.String(), { minProperties: 1, maxProperties: 1 })),
    user_data: Type.Optional(madeUpUser),
    /** Instead of the user's own. */
    language: Type.Optional(Type.String({ maxLength: 35 })),
    custom_data: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  },
  { additionalProperties: false },
);
export type TemplatePreviewBody = Static<typeof templatePreviewBody>;

/** What a person would get. */
export const templatePreview = Type.Object({
  channel: Type.Enum(['push', 'email', 'sms']),
  /** Whose texts were chosen where the channel has languages; null for English. */
  language: textOrNull,
  /** Each text under its field's name; null when there are errors that keep it from being sent. */
  rendered: Type.Union([Type.Record(Type.String(), Type.String()), Type.Null()]),
  /** The plain text part of an email. */
  plain_text: textOrNull,
  /** Names that had no value: they show nothing, or what `default` says. */
  missing: Type.Array(Type.Object({ field: Type.String(), name: Type.String() })),
  /** Liquid that cannot be read, and parts that failed. Lines and columns count from 1. */
  errors: Type.Array(
    Type.Object({
      /** Null for the whole: it took too long, or too much memory. `data_feed`: the feed gave no data. */
      field: textOrNull,
      line: Type.Union([Type.Integer(), Type.Null()]),
      column: Type.Union([Type.Integer(), Type.Null()]),
      problem: Type.String(),
    }),
  ),
});
export type TemplatePreview = Static<typeof templatePreview>;
