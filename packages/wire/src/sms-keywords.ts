import { Type } from 'typebox';
import type { Static } from 'typebox';

/** What a person can ask for by texting a word. */
export const SMS_KEYWORDS = ['stop', 'start', 'help'] as const;
export type SmsKeyword = (typeof SMS_KEYWORDS)[number];

const words = Type.Array(Type.String({ minLength: 1, maxLength: 64 }), {
  maxItems: 50,
  description: 'Besides the fixed ones. Case, punctuation and blanks around a word do not matter.',
});
const reply = Type.Union([Type.String({ minLength: 1, maxLength: 1_600 }), Type.Null()], {
  description: 'What is answered; null: nothing.',
});
const orderInput = Type.Object(
  { words: Type.Optional(words), reply: Type.Optional(reply) },
  { additionalProperties: false },
);
const ordersInput = {
  stop: Type.Optional(orderInput),
  start: Type.Optional(orderInput),
  help: Type.Optional(orderInput),
};
export const OPT_OUT_SCOPES = ['app', 'sender'] as const;
export type OptOutScope = (typeof OPT_OUT_SCOPES)[number];

const scope = Type.Enum(OPT_OUT_SCOPES, {
  description:
    'What STOP ends, and START brings back: `app`, all texts of the app; `sender`, those from the number that it was sent to.',
});
const useOthers = Type.Boolean({
  description:
    'Whether another of the app’s numbers writes to somebody who has opted out of the one that would, where a message names none.',
});
const sender = Type.String({
  maxLength: 128,
  description: 'A number of ours that people text to: +15550100000, a short code, or an RCS agent (rcs:…).',
});

/** PUT /apps/{app_id}/channels/sms/keywords: replaces everything. What is left out is as for every app. */
export const smsKeywordsBody = Type.Object(
  {
    ...ordersInput,
    opt_out_scope: Type.Optional(scope),
    use_other_senders: Type.Optional(useOthers),
    /** What is otherwise for texts to one of the app's numbers. What is left out of one is as for the app. */
    senders: Type.Optional(
      Type.Array(
        Type.Object(
          { sender, ...ordersInput, opt_out_scope: Type.Optional(scope) },
          { additionalProperties: false },
        ),
        { maxItems: 100 },
      ),
    ),
  },
  { additionalProperties: false },
);
export type SmsKeywordsBody = Static<typeof smsKeywordsBody>;

const order = Type.Object({ words, reply });
const fixed = Type.Array(Type.String());

/** What is taken and answered for an app now. */
export const smsKeywordsView = Type.Object({
  /** These mean the same for every app, whatever it sets. */
  fixed_words: Type.Object({ stop: fixed, start: fixed, help: fixed }),
  stop: order,
  start: order,
  help: order,
  opt_out_scope: scope,
  use_other_senders: useOthers,
  senders: Type.Array(Type.Object({ sender, ...ordersInput, opt_out_scope: Type.Optional(scope) })),
  /** ISO 8601; null: the app has set nothing. */
  updated_at: Type.Union([Type.String(), Type.Null()]),
});
export type SmsKeywordsView = Static<typeof smsKeywordsView>;
