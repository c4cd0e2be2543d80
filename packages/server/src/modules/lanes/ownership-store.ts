import type { Queryable } from '../../platform/database/database.ts';
import { statement } from '../../platform/database/database.ts';
import type { LaneState } from './plan-ownership.ts';

// The lease is between machines, so it lives on the database's clock: the one place beside the
// feed's partitions where SQL asks for the time itself.

export interface Peer {
  readonly owner: string;
  /** Its lease has not run out. */
  readonly leased: boolean;
  /** Its session advisory lock is free: the process, or its connection, is gone. */
  readonly gone: boolean;
}

const renewLease = statement(
  'lanes.renew-lease',
  `insert into lane_owners (owner, advisory_key, lease_until)
   values ($1, $2, now() + $3 * interval '1 millisecond')
   on conflict (owner) do update set lease_until = excluded.lease_until`,
);

const readLanes = statement('lanes.read-lanes', `select lane, owner, epoch from lanes order by lane`);

// Trying, never waiting: a statement that waits would hold back vacuum. The shared lock is dropped
// with the end of this statement, and several peers may hold it at once.
const readPeers = statement(
  'lanes.read-peers',
  `select owner, lease_until >= now() as leased, pg_try_advisory_xact_lock_shared(advisory_key) as gone
   from lane_owners where owner <> $1 order by owner`,
);

// Compare and set: only lanes that are still as they were seen change hands.
const takeLanes = statement(
  'lanes.take',
  `update lanes l set owner = $1, epoch = l.epoch + 1
   from unnest($2::int[], $3::bigint[]) as seen (lane, epoch)
   where l.lane = seen.lane and l.epoch = seen.epoch
   returning l.lane, l.owner, l.epoch`,
);

const releaseLanes = statement(
  'lanes.release',
  `update lanes l set owner = null
   from unnest($2::int[], $3::bigint[]) as mine (lane, epoch)
   where l.lane = mine.lane and l.epoch = mine.epoch and l.owner = $1`,
);

const forgetOwners = statement(
  'lanes.forget-owners',
  `delete from lane_owners o where owner = any($1::uuid[])
   and not exists (select from lanes l where l.owner = o.owner)`,
);

export const ownershipStore = {
  async renewLease(database: Queryable, owner: string, advisoryKey: number, leaseMs: number): Promise<void> {
    await database.run(renewLease, [owner, advisoryKey, leaseMs]);
  },
  readLanes: (database: Queryable) => database.rows<LaneState>(readLanes),
  readPeers: (database: Queryable, me: string) => database.rows<Peer>(readPeers, [me]),
  take: (database: Queryable, me: string, lanes: readonly LaneState[]) =>
    database.rows<LaneState>(takeLanes, [me, lanes.map(({ lane }) => lane), lanes.map(({ epoch }) => epoch)]),
  async release(database: Queryable, me: string, lanes: readonly LaneState[]): Promise<void> {
    await database.run(releaseLanes, [me, lanes.map(({ lane }) => lane), lanes.map(({ epoch }) => epoch)]);
  },
  /** Drops the rows of dead owners that have no lane left. One that was only frozen makes its row again. */
  async forget(database: Queryable, owners: readonly string[]): Promise<void> {
    await database.run(forgetOwners, [owners]);
  },
};
