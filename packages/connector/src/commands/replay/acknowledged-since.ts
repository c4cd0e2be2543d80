import { targetId } from '../../config/fingerprint.ts';
import type { Connector } from '../../config/config.ts';
import { lookIntoState } from '../../home/look-into-state.ts';
import { userDigest } from '../../model/diff-user.ts';
import type { OutboxItem } from '../../model/outbox-item.ts';
import { openSource } from '../../sources/open-source.ts';
import { allKeys } from '../all-keys.ts';

/**
 * The users of the model that were acknowledged at `since` (milliseconds since the epoch) or later, in
 * chunks, without `except`. Where it is only known that it was no later than a time after `since`, they are
 * among them: writing a user twice changes nothing. Events and messages are not: sent twice, they would be told twice.
 */
export async function* acknowledgedSince(
  connector: Connector,
  since: number,
  except: ReadonlySet<string>,
): AsyncGenerator<readonly OutboxItem[]> {
  if (connector.users === null) return;
  const target = targetId(connector);
  const state = lookIntoState(connector.home);
  const source = await openSource(connector);
  try {
    for await (const keys of allKeys(source)) {
      const chosen = keys.filter((key) => {
        const when = state.whenOf(userDigest(target, key));
        return when !== null && when.at >= since && !except.has(key);
      });
      if (chosen.length > 0) yield chosen.map((key) => ({ kind: 'user', key, again: true }));
    }
  } finally {
    await source.close();
    state.close();
  }
}
