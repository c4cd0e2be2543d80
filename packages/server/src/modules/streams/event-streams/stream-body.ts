import { Type } from 'typebox';
import { oneOfKinds } from '../../../platform/http/one-of-kinds.ts';

const MOST_FILTERED = 100;
const ids = (description: string) =>
  Type.Optional(
    Type.Array(Type.String({ format: 'uuid' }), { minItems: 1, maxItems: MOST_FILTERED, description }),
  );

const common = {
  filters: Type.Optional(
    Type.Object(
      {
        kinds: Type.Optional(
          Type.Array(
            Type.String({
              pattern:
                '^(\\*|message\\.(\\*|[a-z_]+(\\.([a-z_]+|\\*))?)|custom_event|(subscription|journey)\\.([a-z_]+|\\*))$',
              description:
                '`message.email.opened`, or `message.email.*` for all that begin so. Without kinds: `message.*`; `*` is everything, with `custom_event`, `subscription.*` and `journey.*`.',
            }),
            { minItems: 1, maxItems: MOST_FILTERED },
          ),
        ),
        channels: Type.Optional(
          Type.Array(Type.Enum(['email', 'push', 'sms']), { minItems: 1, maxItems: 3 }),
        ),
        message_ids: ids('Of these messages only.'),
        template_ids: ids('Of messages that were made from these templates.'),
        message_names: Type.Optional(
          Type.Array(Type.String({ minLength: 1, maxLength: 128 }), {
            minItems: 1,
            maxItems: MOST_FILTERED,
          }),
        ),
      },
      { additionalProperties: false },
    ),
  ),
  from: Type.Optional(
    Type.Enum(['now', 'oldest'], {
      description: 'Where a new stream begins: `now` when absent. Changes nothing of one that is there.',
    }),
  ),
  retry_schedule: Type.Optional(
    Type.Array(Type.Integer({ minimum: 1, maximum: 86_400 }), {
      minItems: 1,
      maxItems: 20,
      description: 'Seconds between tries. When absent: 5, 300, 1800, 7200, 18000, 36000, 36000.',
    }),
  ),
};

const webhook = Type.Object(
  {
    kind: Type.Literal('webhook', { description: 'Requests, signed after Standard Webhooks.' }),
    url: Type.String({
      minLength: 1,
      maxLength: 2_048,
      description: 'An https address, with Liquid behind its host. Kept encrypted, shown without its path.',
    }),
    method: Type.Optional(Type.Enum(['POST', 'PUT', 'PATCH', 'GET', 'DELETE'])),
    headers: Type.Optional(
      Type.Record(
        Type.String({ minLength: 1, maxLength: 128 }),
        Type.String({ minLength: 1, maxLength: 4_096 }),
        {
          maxProperties: 20,
          description: 'Liquid. Kept encrypted, and never shown: credentials belong here.',
        },
      ),
    ),
    body: Type.Optional(
      Type.Union([Type.String({ minLength: 1, maxLength: 65_536 }), Type.Null()], {
        description: 'Liquid for one event. When absent or null, our JSON.',
      }),
    ),
    batch: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 1_000, description: 'Most events in a request; 1 when absent.' }),
    ),
    connections: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 32, description: 'Most requests at a time; 8 when absent.' }),
    ),
    secret: Type.Optional(
      Type.String({
        maxLength: 128,
        description: '`whsec_` and 24 to 64 bytes in base64. Absent: stays, or is made and shown once.',
      }),
    ),
    ...common,
  },
  { additionalProperties: false },
);

const postgres = Type.Object(
  {
    kind: Type.Literal('postgres', { description: 'Rows of a table, which is made when it is not there.' }),
    url: Type.String({
      pattern: '^postgres(ql)?://[^\\s]+$',
      maxLength: 2_048,
      description: 'Kept encrypted.',
    }),
    table: Type.Optional(Type.String({ pattern: '^([a-z_][a-z0-9_]{0,62}\\.)?[a-z_][a-z0-9_]{0,62}$' })),
    ...common,
  },
  { additionalProperties: false },
);

const s3 = Type.Object(
  {
    kind: Type.Literal('s3', { description: 'Files of JSON lines, packed with gzip.' }),
    endpoint: Type.String({ minLength: 1, maxLength: 512 }),
    region: Type.String({ pattern: '^[a-z0-9-]{1,64}$' }),
    bucket: Type.String({ pattern: '^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$' }),
    prefix: Type.Optional(Type.String({ pattern: "^[A-Za-z0-9!_.*'()/-]*$", maxLength: 512 })),
    access_key_id: Type.String({ minLength: 1, maxLength: 128 }),
    secret_access_key: Type.Optional(
      Type.String({ minLength: 1, maxLength: 256, description: 'Kept encrypted. Absent: stays.' }),
    ),
    every_seconds: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 3_600,
        description: 'A file is written after so long, however little is in it; 60 when absent.',
      }),
    ),
    ...common,
  },
  { additionalProperties: false },
);

/** PUT /apps/{app_id}/event_streams/{name} */
export const eventStreamBody = oneOfKinds([webhook, postgres, s3]);
