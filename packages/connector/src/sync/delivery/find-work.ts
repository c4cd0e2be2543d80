import { targetId } from '../../config/fingerprint.ts';
import type { PlacedItem } from '../../home/outbox.ts';
import { asText } from '../../model/as-text.ts';
import { userDigest, userHash } from '../../model/diff-user.ts';
import { mapUser } from '../../model/map-user.ts';
import type { UserItem } from '../../model/outbox-item.ts';
import type { Row } from '../../config/fields.ts';
import type { Session } from '../session.ts';
import type { Commits } from './commits.ts';
import type { Place, Window } from './window.ts';
import type { UserWork, Work } from './work.ts';

/**
 * Turns items of the outbox into work, in their order. Users are read here, as they are now: several
 * hundred rows with one query. What needs no request is settled at once.
 */
export async function findWork(
  session: Session,
  placed: readonly PlacedItem[],
  window: Window,
  commits: Commits,
): Promise<readonly Work[]> {
  const rows = await rowsOf(
    session,
    placed.flatMap(({ item }) => (item.kind === 'user' ? [item.key] : [])),
  );
  const target = targetId(session.connector);
  const found: Work[] = [];
  for (const { item, end } of placed) {
    const places = [window.add(end)];
    switch (item.kind) {
      case 'user': {
        const work = userWork(session, item, rows.get(item.key), places, target, commits);
        if (work !== null) found.push(work);
        break;
      }
      case 'removal': {
        const lane = removedIdOf(session, item.key);
        const digest = userDigest(target, item.key);
        if (lane !== null) found.push({ kind: 'removal', lane, places, key: item.key, digest });
        else commits.settle({ places, rejects: [notNamed(item.key)] });
        break;
      }
      case 'event':
        found.push({ kind: 'event', lane: item.externalId, places, item });
        break;
      case 'message':
        found.push({ kind: 'message', lane: item.externalId, places, item });
        break;
    }
  }
  return found;
}

async function rowsOf({ connector, source }: Session, keys: readonly string[]): Promise<Map<string, Row>> {
  const { users } = connector;
  if (users === null || keys.length === 0) return new Map();
  const rows = await source.rows([...new Set(keys)]);
  return new Map(rows.map((row) => [asText(row[users.key]), row]));
}

/** null where there is nothing to send: the row is gone, or is no user. */
function userWork(
  { connector }: Session,
  item: UserItem,
  row: Row | undefined,
  places: readonly Place[],
  target: string,
  commits: Commits,
): UserWork | null {
  const { users } = connector;
  if (users === null || row === undefined) {
    commits.settle({ places });
    return null;
  }
  const { user, rejects } = mapUser(users, row);
  if (user === null) {
    commits.settle({ places, rejects });
    return null;
  }
  if (rejects.length > 0) commits.settle({ places: [], rejects });
  const digest = userDigest(target, user.key);
  const again = item.again === true;
  return { kind: 'user', lane: user.externalId, places, user, digest, hash: userHash(user), again };
}

/** The external id of a user whose row is gone: what the configuration makes of its key alone. */
function removedIdOf({ connector: { users } }: Session, key: string): string | null {
  if (users?.externalId === undefined) return key;
  try {
    const id = users.externalId({ [users.key]: key });
    return typeof id === 'string' && id !== '' ? id : null;
  } catch {
    return null;
  }
}

function notNamed(key: string) {
  return {
    what: 'user' as const,
    key,
    field: 'externalId',
    rule: 'cannot be made of the key of a row that is gone',
  };
}
