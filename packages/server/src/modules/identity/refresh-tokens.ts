import type { Queryable } from '../../platform/database/database.ts';
import { historyOf } from './history.ts';
import { giveToken } from './give-token.ts';
import type { WrittenSubscription } from './user-write-store.ts';
import type { UserWrite, WriteContext } from './user-write.ts';
import type { Written } from './user-writer.ts';

/**
 * A device that logs in names its subscription by id and may have got a new token meanwhile: gives the
 * subscription that token. One that another subscription has stays there: the login must not fail by it.
 * A token of another type is none for it.
 */
export async function refreshTokens(
  database: Queryable,
  { appId, subscriptions: asked }: UserWrite,
  written: Written,
  { source, now }: WriteContext,
): Promise<Written> {
  const present = written.subscriptions ?? [];
  const newTokenOf = ({ position, type, token }: WrittenSubscription): string | null => {
    const { givenId, address } = asked[position] ?? { givenId: null, address: null };
    if (givenId === null || address === null || address.type !== type || address.token === '') return null;
    return address.token === token ? null : address.token;
  };
  if (present.every((row) => newTokenOf(row) === null)) return written;
  const subscriptions = await Promise.all(
    present.map(async (row) => {
      const token = newTokenOf(row);
      if (token === null) return row;
      const context = { history: historyOf(source, { token }), now };
      const result = await giveToken(
        database,
        { appId, subscriptionId: row.id, token, ofToken: null },
        context,
      );
      return result.outcome === 'updated' ? { ...row, ...result.subscription } : row;
    }),
  );
  return { ...written, subscriptions };
}
