/**
 * The name of an event, as event streams know it: `message.<channel>.<what>`. What the ledger calls
 * a state and what a provider tells afterwards become one list of kinds.
 */
export function eventKind(channel: string, happened: string): string {
  const words = channel === 'sms' ? NAMES_OF_SMS : NAMES;
  return `message.${channel}.${words[happened] ?? happened}`;
}

/** A text is `delivered` when the telephone has it, and `undelivered` when it never will. */
const NAMES_OF_SMS: Readonly<Record<string, string>> = { bounced: 'undelivered' };

/** Where the documented kind has another word. An email is `received` once the other server has it. */
const NAMES: Readonly<Record<string, string>> = {
  delivered: 'received',
  complained: 'reported_as_spam',
};
