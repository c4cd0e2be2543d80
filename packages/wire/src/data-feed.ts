import { Type } from 'typebox';
import type { Static } from 'typebox';

const name = Type.String({ minLength: 1, maxLength: 128 });
const method = Type.Enum(['GET', 'POST']);
const url = Type.String({
  minLength: 1,
  maxLength: 4_096,
  description: 'An http or https address. Liquid: `{{ user.external_id | url_encode }}`.',
});
const headers = Type.Record(
  Type.String({ minLength: 1, maxLength: 128 }),
  Type.String({ maxLength: 4_096 }),
  {
    maxProperties: 20,
    description: 'Liquid. Kept encrypted, and never shown: credentials belong here.',
  },
);
const body = Type.Union([Type.String({ maxLength: 65_536 }), Type.Null()], {
  description: 'What a POST says: Liquid that makes JSON, unless a Content-Type header says otherwise.',
});

/** POST /apps/{app_id}/data_feeds */
export const createDataFeedBody = Type.Object(
  {
    name,
    alias: Type.String({
      pattern: '^[a-z0-9]{1,64}$',
      description: 'Lower-case letters and digits. Templates read `data_feed.<alias>`; it stays as it is.',
    }),
    method: Type.Optional(method),
    url,
    headers: Type.Optional(headers),
    body: Type.Optional(body),
  },
  { additionalProperties: false },
);
export type CreateDataFeedBody = Static<typeof createDataFeedBody>;

/** PATCH /apps/{app_id}/data_feeds/{data_feed_id}: only what is named changes. Headers change as a whole. */
export const updateDataFeedBody = Type.Object(
  {
    name: Type.Optional(name),
    method: Type.Optional(method),
    url: Type.Optional(url),
    headers: Type.Optional(headers),
    body: Type.Optional(body),
  },
  { additionalProperties: false },
);
export type UpdateDataFeedBody = Static<typeof updateDataFeedBody>;

/** A data feed in an answer. */
export const dataFeedView = Type.Object({
  id: Type.String(),
  name: Type.String(),
  alias: Type.String(),
  method,
  url: Type.String(),
  /** What the headers are called; what they say is never shown. */
  header_names: Type.Array(Type.String()),
  body: Type.Union([Type.String(), Type.Null()]),
  /** ISO 8601. */
  created_at: Type.String(),
  updated_at: Type.String(),
});
export type DataFeedView = Static<typeof dataFeedView>;

/** GET /apps/{app_id}/data_feeds: by alias. */
export const dataFeedList = Type.Object({ data_feeds: Type.Array(dataFeedView) });
export type DataFeedList = Static<typeof dataFeedList>;
