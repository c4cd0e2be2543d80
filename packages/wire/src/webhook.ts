import { Type } from 'typebox';
import type { Static } from 'typebox';

const name = Type.String({ minLength: 1, maxLength: 128 });
const method = Type.Enum(['POST', 'PUT', 'PATCH', 'GET', 'DELETE']);
const url = Type.String({
  minLength: 1,
  maxLength: 2_048,
  description: 'An https address, with Liquid behind its host.',
});
const headerName = Type.String({ minLength: 1, maxLength: 128 });
const headerValue = Type.String({ minLength: 1, maxLength: 4_096 });
const body = Type.Union([Type.String({ minLength: 1, maxLength: 65_536 }), Type.Null()], {
  description: 'Liquid that makes JSON, unless a content-type header says otherwise. When null, our JSON.',
});
const connections = Type.Integer({
  minimum: 1,
  maximum: 32,
  description: 'Most requests at a time; 8 when absent.',
});
const retrySchedule = Type.Array(Type.Integer({ minimum: 1, maximum: 86_400 }), {
  minItems: 1,
  maxItems: 20,
  description: 'Seconds between tries. When absent: 5, 300, 1800, 7200, 18000, 36000, 36000.',
});
const secret = Type.String({
  maxLength: 128,
  description: '`whsec_` and 24 to 64 bytes in base64; made when absent, and shown once.',
});

/** POST /apps/{app_id}/webhooks */
export const createWebhookBody = Type.Object(
  {
    name,
    method: Type.Optional(method),
    url,
    headers: Type.Optional(
      Type.Record(headerName, headerValue, {
        maxProperties: 20,
        description: 'Liquid. Kept encrypted, and shown as ********: credentials belong here.',
      }),
    ),
    body: Type.Optional(body),
    connections: Type.Optional(connections),
    retry_schedule: Type.Optional(retrySchedule),
    secret: Type.Optional(secret),
  },
  { additionalProperties: false },
);
export type CreateWebhookBody = Static<typeof createWebhookBody>;

/** PATCH /apps/{app_id}/webhooks/{webhook_id}: only what is named changes, of headers too. */
export const updateWebhookBody = Type.Object(
  {
    name: Type.Optional(name),
    method: Type.Optional(method),
    url: Type.Optional(url),
    headers: Type.Optional(
      Type.Record(headerName, Type.Union([headerValue, Type.Null()]), {
        maxProperties: 20,
        description: 'A header that is not named, or given as ********, stays; null removes it.',
      }),
    ),
    body: Type.Optional(body),
    connections: Type.Optional(connections),
    retry_schedule: Type.Optional(retrySchedule),
  },
  { additionalProperties: false },
);
export type UpdateWebhookBody = Static<typeof updateWebhookBody>;

const orNull = (description: string) => Type.Union([Type.String(), Type.Null()], { description });

/** A webhook as it is shown: without its secrets. */
export const webhookView = Type.Object({
  id: Type.String(),
  name: Type.String(),
  method,
  url: Type.String(),
  headers: Type.Record(Type.String(), Type.String(), { description: 'What they say is not shown.' }),
  body: Type.Union([Type.String(), Type.Null()]),
  connections: Type.Integer(),
  retry_schedule: Type.Array(Type.Integer()),
  state: Type.Enum(['active', 'disabled']),
  reason: orNull('Why it is disabled.'),
  state_at: Type.String({ format: 'date-time' }),
  resting_until: orNull('It takes a rest, because nobody took what it sent.'),
  last_failure: orNull('What went wrong last.'),
  failures: Type.Integer({ description: 'Tries in a row that nobody took.' }),
  last_taken_at: orNull('ISO 8601.'),
  delivered: Type.Integer({ description: 'Calls that were taken.' }),
  given_up: Type.Integer({ description: 'Calls that were not taken, however often they were tried.' }),
  waiting: Type.Integer({ description: 'Calls that are to be made; 10000 may be more.' }),
  old_secret_expires_at: orNull('Until then requests are signed with the secret before, too.'),
  secret: Type.Optional(
    Type.String({ description: 'When it was made by this request: it is not shown again.' }),
  ),
  created_at: Type.String({ format: 'date-time' }),
  updated_at: Type.String({ format: 'date-time' }),
});
export type WebhookView = Static<typeof webhookView>;

/** GET /apps/{app_id}/webhooks: by name. */
export const webhookPage = Type.Object({
  webhooks: Type.Array(webhookView),
  next_cursor: Type.Optional(Type.String()),
});
export type WebhookPage = Static<typeof webhookPage>;

export const enableWebhookBody = Type.Object(
  {
    skip_waiting: Type.Optional(
      Type.Boolean({ description: 'Calls that wait are not made any more. When absent, they are.' }),
    ),
  },
  { additionalProperties: false },
);
export type EnableWebhookBody = Static<typeof enableWebhookBody>;

export const testWebhookBody = Type.Object(
  {
    external_id: Type.Optional(
      Type.String({ minLength: 1, maxLength: 256, description: 'Of whom it tells; made up when absent.' }),
    ),
    events: Type.Optional(
      Type.Array(
        Type.Object(
          {
            name: Type.String({ minLength: 1, maxLength: 128 }),
            properties: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
          },
          { additionalProperties: false },
        ),
        { maxItems: 20, description: 'What the journey is to have kept; one that is made up when absent.' },
      ),
    ),
  },
  { additionalProperties: false },
);
export type TestWebhookBody = Static<typeof testWebhookBody>;

export const testWebhookAnswer = Type.Object({
  outcome: Type.Enum(['taken', 'failed']),
  status: Type.Union([Type.Integer(), Type.Null()]),
  reason: orNull('Why it was not taken.'),
  milliseconds: Type.Integer(),
  url: orNull('Where it was sent to.'),
  request: orNull('The first kilobyte of what was sent.'),
  answer: orNull('The first kilobyte of what was answered.'),
});
export type TestWebhookAnswer = Static<typeof testWebhookAnswer>;

export const webhookAttempt = Type.Object({
  id: Type.String(),
  at: Type.String({ format: 'date-time' }),
  call_id: Type.String({ description: 'The webhook-id of the request: the same from try to try.' }),
  onesignal_id: Type.String(),
  number: Type.Integer({ description: 'Which of the tries of its call it is.' }),
  outcome: Type.Enum(['taken', 'failed', 'given_up'], {
    description: 'given_up: it was not taken, and is not tried again.',
  }),
  status: Type.Union([Type.Integer(), Type.Null()], { description: 'Null where there was no answer.' }),
  milliseconds: Type.Integer(),
  reason: orNull('Why it was not taken.'),
  url: orNull('Null where nothing was sent.'),
  request: orNull('The first kilobyte of the body.'),
  answer: orNull('The first kilobyte.'),
});
export type WebhookAttempt = Static<typeof webhookAttempt>;

export const webhookAttemptPage = Type.Object({
  attempts: Type.Array(webhookAttempt),
  next_cursor: Type.Optional(Type.String()),
});
export type WebhookAttemptPage = Static<typeof webhookAttemptPage>;
