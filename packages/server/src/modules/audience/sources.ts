import type { Channel } from '@carillon/wire';
import type { Expression, MessageEvent } from './condition.ts';

/** Which events of messages are meant. */
export interface AskedMessageEvents {
  readonly event: MessageEvent;
  /** Null for all channels. */
  readonly channel: Channel | null;
  /** Null for all messages. */
  readonly messageId: string | null;
}

/**
 * A SELECT of `user_id` (null where nobody knows it any more), `at`, `channel` and `message_id`, a row for each of these events that has
 * happened in some lanes of an app. `add` stands in the text for a value. Implemented by whose events they are.
 */
export type MessageEventRows = (
  asked: AskedMessageEvents,
  within: { readonly appId: string; readonly lanes: readonly number[] },
  add: (value: unknown, type: string) => string,
) => string;

/** What conditions ask of modules that come after this one. */
export interface AudienceSources {
  readonly messageEvents: MessageEventRows;
  /** What saved segments of an app mean now; one that is not there means nobody. */
  readonly segments: (appId: string, ids: readonly string[]) => Promise<ReadonlyMap<string, Expression>>;
}
