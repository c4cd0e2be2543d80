import { openSource } from '../../sources/open-source.ts';
import { targetId } from '../../config/fingerprint.ts';
import type { Connector } from '../../config/config.ts';
import type { Row } from '../../config/fields.ts';
import { Forgotten } from '../../home/forgotten.ts';
import { lookIntoOutbox } from '../../home/look-into-outbox.ts';
import { lookIntoRejects } from '../../home/rejects.ts';
import type { RejectedRow } from '../../home/rejects.ts';
import { sealOf } from '../../home/seal.ts';
import { lookIntoState } from '../../home/look-into-state.ts';
import type { QueuedItem } from '../../home/queued-item.ts';
import { diffUser, userDigest, userHash } from '../../model/diff-user.ts';
import type { MappedUser } from '../../model/map-user.ts';
import type { Reject } from '../../model/reject.ts';
import { findUser } from '../find-user.ts';

/** Everything that is known about why a user is, or is not, at the target as the row says. */
export interface Explanation {
  readonly id: string;
  readonly row: Row | null;
  readonly user: MappedUser | null;
  /** What the mapping complains of now. */
  readonly complaints: readonly Reject[];
  readonly hash: string | null;
  readonly acknowledged: { readonly hash: string; readonly at: number; readonly exact: boolean } | null;
  readonly pending: readonly QueuedItem[];
  readonly rejects: readonly RejectedRow[];
  readonly forgotten: boolean;
  readonly verdict: Verdict;
}

export type Verdict =
  | 'in step'
  | 'in step in part'
  | 'waits'
  | 'differs'
  | 'never sent'
  | 'refused'
  | 'forgotten'
  | 'no row';

/** `id` is the model's key or the external id. */
export async function explainUser(connector: Connector, id: string): Promise<Explanation> {
  const { users, home } = connector;
  const seal = sealOf(connector.homeKeys);
  const source = await openSource(connector);
  try {
    const found = users === null ? null : await findUser(source, users, id);
    const user = found?.mapping.user ?? null;
    const key = found?.key ?? id;
    const externalId = user?.externalId ?? id;
    const state = lookIntoState(home);
    const digest = userDigest(targetId(connector), key);
    const kept = state.get(digest);
    const when = state.whenOf(digest);
    state.close();
    const isTheirs = (item: QueuedItem) =>
      'key' in item ? item.key === key : item.externalId === externalId;
    const pending = [...lookIntoOutbox(home, state.progress.outbox, seal)]
      .map(({ item }) => item)
      .filter(isTheirs);
    const rejects = lookIntoRejects(home, seal).filter(
      (row) => (row.what === 'user' && row.key === key) || row.externalId === externalId || row.key === id,
    );
    const forgotten = Forgotten.open(home);
    const parts = {
      id,
      row: found?.row ?? null,
      user,
      complaints: found?.mapping.rejects ?? [],
      hash: user === null ? null : userHash(user),
      acknowledged: kept === null || when === null ? null : { hash: kept, ...when },
      pending,
      rejects,
      forgotten: forgotten.has('externalId', externalId) || forgotten.has('key', key),
    };
    return { ...parts, verdict: verdictOf(parts) };
  } finally {
    await source.close();
  }
}

function verdictOf(parts: Omit<Explanation, 'verdict'>): Verdict {
  if (parts.forgotten) return 'forgotten';
  if (parts.row === null) return 'no row';
  if (parts.user === null || parts.rejects.some(({ what, field }) => what === 'user' && field === 'target'))
    return 'refused';
  if (parts.hash !== null && diffUser(parts.acknowledged?.hash ?? null, parts.hash).kind === 'none')
    return parts.complaints.length === 0 ? 'in step' : 'in step in part';
  if (parts.pending.length > 0) return 'waits';
  return parts.acknowledged === null ? 'never sent' : 'differs';
}
