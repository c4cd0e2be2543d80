import { Type } from 'typebox';

const MOST_FILTERED = 100;
const ids = (description: string) =>
  Type.Optional(
    Type.Array(Type.String({ format: 'uuid' }), { minItems: 1, maxItems: MOST_FILTERED, description }),
  );

/** Members of every kind of stream. */
export const commonBody = {
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
