import type { Verdict } from '../scenario.ts';
import type { Event, History, Ids, Seen } from './history.ts';

/** What was seen from outside, once nothing is under way any more. */
export interface Evidence {
  readonly kills: number;
  /** Each ends with what was read at the end. */
  readonly histories: readonly History[];
  /** Rows that disagree with others, by the rule that they break. */
  readonly broken: readonly { readonly rule: string; readonly rows: number }[];
  /** Users stored beyond those that somebody created. */
  readonly surplusUsers: number;
}

interface Faults {
  lost: number;
  duplicated: number;
  halfDone: number;
  unasked: number;
  /** Writes without an answer that were done after a later one. */
  overtaken: number;
}

/** Holds what was acknowledged against what was read. */
export function judge({ kills, histories, broken, surplusUsers }: Evidence): Verdict {
  const faults: Faults = { lost: 0, duplicated: 0, halfDone: 0, unasked: 0, overtaken: 0 };
  for (const history of histories) judgeOne(history, faults);
  const wrongRows = broken.reduce((sum, { rows }) => sum + rows, 0);
  const acknowledged = histories.flatMap(({ events }) => events.filter(isAcknowledged)).length;
  const asked = histories.flatMap(({ events }) => events.filter(({ kind }) => kind === 'asked')).length;
  const counted: readonly (readonly [number, string])[] = [
    [faults.lost, 'acknowledged writes were not there when they were read'],
    [faults.duplicated, 'people or subscriptions were told or stored under more than one id'],
    [faults.halfDone, 'writes were done by half'],
    [faults.unasked, 'people show writes that nobody asked for'],
    [Math.abs(surplusUsers), 'users are stored beyond, or short of, those that were created'],
    ...broken.map(({ rule, rows }) => [rows, `rows: ${rule}`] as const),
  ];
  return {
    figures: {
      kills,
      lost: faults.lost,
      duplicated: faults.duplicated,
      unaccounted: faults.halfDone + faults.unasked + wrongRows + Math.abs(surplusUsers),
      overtaken: faults.overtaken,
      asked,
      acknowledged,
      people: histories.length,
    },
    broken: counted.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`),
  };
}

function judgeOne({ events }: History, faults: Faults): void {
  let asked = 0;
  const answered = new Set<number>();
  let acknowledged = 0;
  let known: Ids | null = null;
  for (const event of events) {
    switch (event.kind) {
      case 'asked':
        asked = event.write;
        break;
      case 'acknowledged':
        acknowledged = event.write;
        answered.add(event.write);
        if (known !== null && !isSame(known, event.ids)) faults.duplicated += 1;
        known = merged(known, event.ids);
        break;
      case 'seen':
        judgeSeen(event.seen, { asked, acknowledged, answered, known }, faults);
        if (event.seen !== null) known = merged(known, event.seen.ids);
        break;
    }
  }
}

interface Known {
  readonly asked: number;
  /** The newest write that was acknowledged, and all of them. */
  readonly acknowledged: number;
  readonly answered: ReadonlySet<number>;
  readonly known: Ids | null;
}

function judgeSeen(seen: Seen | null, { asked, acknowledged, answered, known }: Known, faults: Faults): void {
  if (seen === null) {
    if (acknowledged > 0) faults.lost += 1;
    return;
  }
  const writes = Object.values(seen.parts);
  if (new Set(writes).size > 1) faults.halfDone += 1;
  // The database may still be at a dead process's write when a later one is done: nobody was promised an order.
  const older = writes.filter((write) => write < acknowledged);
  if (older.some((write) => write === 0 || answered.has(write))) faults.lost += 1;
  else if (older.length > 0) faults.overtaken += 1;
  if (writes.some((write) => write > asked)) faults.unasked += 1;
  if (seen.subscriptions > 2 || (known !== null && !isSame(known, seen.ids))) faults.duplicated += 1;
  if (seen.subscriptions < 2) faults.halfDone += 1;
}

/** As far as both are told. */
function isSame(one: Ids, other: Ids): boolean {
  return !differs(one.user, other.user) && !differs(one.email, other.email) && !differs(one.push, other.push);
}

function differs(one: string | null, other: string | null): boolean {
  return one !== null && other !== null && one !== other;
}

/** What is known after both. */
function merged(one: Ids | null, other: Ids): Ids {
  return {
    user: other.user,
    email: other.email ?? one?.email ?? null,
    push: other.push ?? one?.push ?? null,
  };
}

function isAcknowledged(event: Event): boolean {
  return event.kind === 'acknowledged';
}
