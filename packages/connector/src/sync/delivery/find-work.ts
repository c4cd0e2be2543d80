import { targetId } from '../../config/fingerprint.ts';
import type { Forgotten } from '../../home/forgotten.ts';
import type { Tried } from '../../home/rejects.ts';
import type { PlacedItem } from '../../home/outbox.ts';
import { asText } from '../../model/as-text.ts';
import { userDigest } from '../../model/diff-user.ts';
import { externalIdOfGone } from '../../model/gone-user.ts';
import { mapUser } from '../../model/map-user.ts';
import type { MappedUser } from '../../model/map-user.ts';
import type { Row } from '../../config/fields.ts';
import { findGone } from '../find-gone.ts';
import type { Session } from '../session.ts';
import type { Commits } from './commits.ts';
import type { Lanes } from './lanes.ts';
import type { Place, Window } from './window.ts';
import type { RemovalWork, UserWork, Work } from './work.ts';

/** What an earlier run has left: it may have sent some of it without keeping that. */
interface Doubt {
  readonly isLeft: boolean;
  /**
   * Asked once for each item of a user. The target may have something newer than what it acknowledged, so that
   * being equal to that says nothing.
   */
  readonly isInDoubt: (key: string) => boolean;
}

/**
 * Turns items of the outbox into work, in their order. Users are read here, as they are now: several
 * hundred rows with one query. What needs no request is settled at once.
 *
 * @throws SafetyLimit where too many of the users have no row any more
 */
export async function findWork(
  session: Session,
  placed: readonly PlacedItem[],
  { isLeft, isInDoubt }: Doubt,
  window: Window,
  commits: Commits,
  lanes: Lanes,
  signal: AbortSignal,
): Promise<readonly Work[]> {
  const items = placed.map(({ item }) => item);
  const readAt = Date.now();
  const rows = await rowsOf(
    session,
    items.flatMap((item) => ('key' in item ? [item.key] : [])),
  );
  const get = (digest: string) => commits.get(digest);
  const mayBeWritten = (key: string) => isLeft || isUnderWay(session, key, lanes);
  const gone = new Set(await findGone(session, items, rows, get, mayBeWritten, signal));
  const { forgotten } = session.home;
  const found: Work[] = [];
  for (const { item, end } of placed) {
    const places = [window.add(end)];
    switch (item.kind) {
      case 'user':
      case 'removal': {
        const row = rows.get(item.key);
        const again = isInDoubt(item.key) || (item.kind === 'user' && item.again === true);
        const work =
          row === undefined
            ? removalWork(session, item.key, gone.has(item.key), places, commits)
            : userWork(session, row, { places, readAt, again }, commits);
        if (work !== null) found.push(work);
        break;
      }
      case 'event':
        if (forgotten.has('externalId', item.externalId)) commits.settle({ places });
        else found.push({ kind: 'event', lane: item.externalId, places, item });
        break;
      case 'message':
        if (forgotten.has('externalId', item.externalId)) commits.settle({ places });
        else found.push({ kind: 'message', lane: item.externalId, places, item });
        break;
    }
  }
  return found;
}

function isUnderWay({ connector: { users } }: Session, key: string, lanes: Lanes): boolean {
  const lane = users === null ? null : externalIdOfGone(users, key);
  return lane !== null && lanes.has(lane);
}

function isForgotten(forgotten: Forgotten, { externalId, key }: MappedUser): boolean {
  return forgotten.has('externalId', externalId) || forgotten.has('key', key);
}

async function rowsOf({ connector, source }: Session, keys: readonly string[]): Promise<Map<string, Row>> {
  const { users } = connector;
  if (users === null || keys.length === 0) return new Map();
  const rows = await source.rows([...new Set(keys)]);
  return new Map(rows.map((row) => [asText(row[users.key]), row]));
}

/** null where there is nothing to send: the row is no user. */
function userWork(
  { connector, home }: Session,
  row: Row,
  { places, readAt, again }: Pick<UserWork, 'places' | 'readAt' | 'again'>,
  commits: Commits,
): UserWork | null {
  const { user, rejects } =
    connector.users === null ? { user: null, rejects: [] } : mapUser(connector.users, row);
  if (user === null) {
    commits.settle({ places, rejects });
    return null;
  }
  const tried: Tried = { what: 'user', key: user.key, of: 'mapping' };
  if (isForgotten(home.forgotten, user)) {
    commits.settle({ places });
    return null;
  }
  if (rejects.length > 0 || home.rejects.concerns(tried))
    commits.settle({ places: [], rejects, tried: [tried] });
  return { kind: 'user', lane: user.externalId, places, user, readAt, again };
}

/** null where nothing is known of the user, or where nothing is to be done about those who go. */
function removalWork(
  { connector }: Session,
  key: string,
  wasKnown: boolean,
  places: readonly Place[],
  commits: Commits,
): RemovalWork | null {
  const { users } = connector;
  if (users === null || !wasKnown || (users.onDelete ?? 'ignore') === 'ignore') {
    commits.settle({ places });
    return null;
  }
  const lane = externalIdOfGone(users, key);
  if (lane === null) {
    const rule = 'is made from the key alone, where users whose rows are gone are to be removed';
    commits.settle({ places, rejects: [{ what: 'user', key, field: 'externalId', rule }] });
    return null;
  }
  return { kind: 'removal', lane, places, key, digest: userDigest(targetId(connector), key) };
}
