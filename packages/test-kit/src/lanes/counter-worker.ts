import { fence, fenceOf, statement } from '@carillon/server';
import type { BatchResult, Database, LaneWorker, OwnedLanes } from '@carillon/server';

const read = statement('counter.read', `select lane, value from lane_counters where lane = any($1)`);

const write = statement(
  'counter.write',
  `with f as materialized (${fence('$1', '$2')}),
   u as (
     update lane_counters c set value = x.value from f join unnest($1::int[], $3::int[]) as x (lane, value) using (lane)
     where c.lane = f.lane returning c.lane, c.value)
   insert into lane_steps (lane, value, epoch, owner)
   select lane, value, (select o.epoch from unnest($1::int[], $2::bigint[]) as o (lane, epoch) where o.lane = u.lane), $4
   from u`,
);

/** The tables that the worker counts in. A step that is taken twice shows as a value that comes twice. */
export const COUNTER_TABLES = `
  create table lane_counters (lane int primary key, value int not null default 0);
  insert into lane_counters (lane) select generate_series(0, 255);
  create table lane_steps (
    id bigint generated always as identity, lane int not null, value int not null,
    epoch bigint not null, owner uuid not null, at timestamptz not null default clock_timestamp())`;

/**
 * Reads the counter of every owned lane, waits, and writes it one higher: what a slow or frozen
 * owner does is computed on what it read before.
 */
export class CounterWorker implements LaneWorker {
  readonly name = 'counter';
  readonly #database: Database;
  readonly #holdMs: number;
  readonly #clock: () => number;
  /** Called when counters have been read and not yet written. */
  onHold: (owned: OwnedLanes) => void = () => {};
  /** Rows that the last batch wrote. */
  written = -1;

  constructor(database: Database, holdMs: number, clock: () => number = Date.now) {
    this.#database = database;
    this.#holdMs = holdMs;
    this.#clock = clock;
  }

  async work(owned: OwnedLanes): Promise<BatchResult> {
    const [lanes, epochs] = fenceOf(owned, owned.lanes.keys());
    const rows = await this.#database.rows<{ lane: number; value: number }>(read, [lanes]);
    const values = new Map(rows.map((row) => [row.lane, row.value + 1]));
    this.onHold(owned);
    await new Promise((resolve) => void setTimeout(resolve, this.#holdMs));
    const next = lanes.map((lane) => values.get(lane));
    this.written = await this.#database.run(write, [lanes, epochs, next, owned.owner]);
    return {
      done: this.written,
      nextDueAt: this.#clock() + 20,
      refused: this.written < lanes.length,
    };
  }
}
