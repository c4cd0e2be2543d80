import type { Transaction, Transactional } from '../../../platform/database/database.ts';
import { noteChangedUsers } from '../change-log-store.ts';
import type { NewUserRows } from './encode-new-users.ts';
import type { NewUsers } from './new-user.ts';

/**
 * Users whom nobody knows yet, by COPY into the bare tables: measured against set statements at half the
 * CPU of the database (docs/decisions/2026-11-25-bulk-users-are-copied.md). The keys of aliases and tokens see
 * to it that they really were unknown; a conflict undoes the whole batch.
 *
 * Aliases go before tokens, and both in the order of their keys: that is the order of locks which write_users
 * keeps. All else is new, so nobody waits for it, and goes by lane, which is by page of an index.
 */
const ALIASES = 'copy aliases (app_id, label, value, lane, user_id) from stdin (format binary)';
const USERS = `copy users (lane, id, app_id, external_id, tags, language, timezone_id, country, properties, first_active,
    last_active, updated_at) from stdin (format binary)`;
const TOKENS = 'copy tokens (app_id, type, token, lane, subscription_id, user_id) from stdin (format binary)';
const SUBSCRIPTIONS = `copy subscriptions (lane, id, app_id, user_id, type, channel, token, enabled, notification_types, device,
    session_count, session_time, last_active, consented_at, created_at, updated_at) from stdin (format binary)`;
const CONSENTS = `copy consents (lane, subscription_id, at, source, app_id, granted, wording, recorded_at)
   from stdin (format binary)`;
const CHANGES = `copy user_changes (lane, user_id, id, day, app_id, action, source, actor, changes, at)
   from stdin (format binary)`;

/** Thrown out of a transaction that must not be committed. */
class NotAllNew extends Error {}

/** Users of one app, all of their rows, and the time of it in milliseconds. */
export interface NewUsersWithRows {
  readonly made: NewUsers;
  readonly rows: NewUserRows;
  readonly now: number;
}

/** How a batch fits between others of the same request. */
export interface CopyTurn {
  /** Resolves to whether it may be committed. */
  readonly mayCommit: Promise<boolean>;
  /** Called when all aliases and tokens are held, so that nobody is waited for any more. */
  readonly onKeysHeld: () => void;
  /** What is committed with it. */
  readonly beside?: ((transaction: Transaction) => Promise<void>) | undefined;
}

/** Beside no other batch. */
export const ALONE: CopyTurn = { mayCommit: Promise.resolve(true), onKeysHeld: () => undefined };

/**
 * Stores new users of one app in one transaction; throws NotAllNew when it may not be committed. Throws a
 * unique violation (`isUniqueViolation`) when somebody has one of their aliases or tokens. Nothing is stored
 * then.
 */
export function copyNewUsers(
  database: Transactional,
  { made, rows, now }: NewUsersWithRows,
  { mayCommit, onKeysHeld, beside }: CopyTurn,
): Promise<void> {
  const copies = [
    { text: ALIASES, pieces: rows.aliases },
    { text: TOKENS, pieces: rows.tokens },
    { text: USERS, pieces: rows.users },
    { text: SUBSCRIPTIONS, pieces: rows.subscriptions },
    { text: CONSENTS, pieces: rows.consents },
    { text: CHANGES, pieces: rows.changes },
  ].filter(({ pieces }) => pieces.length > 0);
  let begun = false;
  return database.transaction(async (transaction) => {
    // The next batch may hold keys by now that a second attempt would wait for, and waits for us.
    if (begun) throw new NotAllNew();
    begun = true;
    await transaction.copy(copies, (place) => {
      if (copies[place]?.text === TOKENS) onKeysHeld();
    });
    const appId = made.people[0]?.write.appId ?? '';
    await noteChangedUsers(transaction, appId, () => made.people.map(({ id }) => made.ids.textOf(id)), now);
    if (!(await mayCommit)) throw new NotAllNew();
    await beside?.(transaction);
  });
}
