import { Type } from 'typebox';
import type { Static } from 'typebox';

/** Which wire an endpoint speaks. */
export type EndpointKindName = 'webhook' | 'slack' | 'discord' | 'teams';

/** The settings of an endpoint. `headers` and `secret` are for webhooks. */
export interface EndpointBody {
  readonly kind: EndpointKindName;
  /** Kept encrypted, and shown without its path: whoever knows it can post. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** `whsec_` and 24 to 64 bytes in base64; made when a webhook has none. */
  readonly secret?: string;
}

/** An endpoint as it is shown: without its secrets. */
export interface EndpointView {
  readonly name: string;
  readonly kind: EndpointKindName;
  /** `https://hooks.slack.com/…` */
  readonly url: string;
  /** Of webhooks: what the headers are called. */
  readonly header_names?: readonly string[];
  /** Of webhooks, and only in the answer to the request by which it was made. */
  readonly secret?: string;
  /** ISO 8601. */
  readonly created_at: string;
  readonly updated_at: string;
}

export interface EndpointList {
  readonly endpoints: readonly EndpointView[];
}

/** POST /apps/{app_id}/endpoints/{name}/posts */
export const endpointPostBody = Type.Object(
  {
    text: Type.Optional(
      Type.String({
        maxLength: 40_000,
        description:
          'Needed, except by a webhook that gets `data`. Slack: 40,000 characters. Discord: 2,000.',
      }),
    ),
    title: Type.Optional(Type.String({ minLength: 1, maxLength: 150 })),
    link: Type.Optional(Type.String({ maxLength: 2_048, description: 'An http or https address.' })),
    data: Type.Optional(Type.Unknown({ description: 'Webhooks only: any JSON, 64 KiB at most.' })),
    idempotency_key: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 64,
        description:
          'The same one for this endpoint within 30 days posts nothing and answers as the first time.',
      }),
    ),
  },
  { additionalProperties: false },
);
export type EndpointPostBody = Static<typeof endpointPostBody>;

export const endpointPostAccepted = Type.Object({ id: Type.String() });
export type EndpointPostAccepted = Static<typeof endpointPostAccepted>;

const orNull = (description: string) => Type.Union([Type.String(), Type.Null()], { description });

/** What became of a post. What it says is not shown: it is gone once the post has ended. */
export const endpointPostView = Type.Object({
  id: Type.String(),
  state: Type.Enum(['waiting', 'sent', 'failed']),
  attempts: Type.Integer({ description: 'Tries whose end is known.' }),
  reason: orNull('What went wrong at the last try.'),
  created_at: Type.String({ format: 'date-time' }),
  next_attempt_at: orNull('When it is tried, or given up by a process that is gone; null when it has ended.'),
  ended_at: orNull('ISO 8601.'),
});
export type EndpointPostView = Static<typeof endpointPostView>;

/** GET /apps/{app_id}/endpoints/{name}/posts: the newest first. */
export const endpointPostPage = Type.Object({
  posts: Type.Array(endpointPostView),
  next_cursor: Type.Optional(Type.String()),
});
export type EndpointPostPage = Static<typeof endpointPostPage>;

/** POST /apps/{app_id}/endpoints/{name}/test */
export const endpointTestAnswer = Type.Object({
  state: Type.Enum(['sent', 'failed', 'retry'], {
    description: 'Taken; refused for good; or not now: a post would be tried again.',
  }),
  reason: Type.Union([Type.String(), Type.Null()]),
  milliseconds: Type.Integer(),
});
export type EndpointTestAnswer = Static<typeof endpointTestAnswer>;
