/**
 * The name of an event, as event streams know it: `message.<channel>.<what>`. What the ledger calls
 * a state and what a provider tells afterwards become one list of kinds.
 */
export function eventKind(channel: string, happened: string): string {
  return `message.${channel}.${NAMES[happened] ?? happened}`;
}

/** Where the documented kind has another word. An email is `received` once the other server has it. */
const NAMES: Readonly<Record<string, string>> = {
  delivered: 'received',
  complained: 'reported_as_spam',
};
