import { Client } from '@carillon/client';
import type { Connector } from '../../config/config.ts';
import { openSource } from '../../sources/open-source.ts';
import { compareWithTarget, viewAtTarget } from './compare-with-target.ts';
import type { FieldChange } from './compare-with-target.ts';
import { planRemovals } from './plan-removals.ts';
import { planTriggers } from './plan-triggers.ts';
import type { PlannedTrigger } from './plan-triggers.ts';
import { LOOKED_UP, planUsers } from './plan-users.ts';
import type { PlannedUsers } from './plan-users.ts';

/** What a pass over all users, and a watch after it, would send. */
export interface Plan extends Omit<PlannedUsers, 'changed'> {
  readonly changed: number;
  /** Rows that are gone since the last pass, and what happens to those users. */
  readonly gone: number;
  readonly onDelete: string;
  /** Changed users, looked up at the target: how many, and in how many of them each field differs. */
  readonly lookedUp: number;
  readonly fields: Readonly<Record<string, number>>;
  readonly sample: readonly { readonly externalId: string; readonly changes: readonly FieldChange[] }[];
  readonly triggers: readonly PlannedTrigger[];
}

/** Maps and compares everything as a run would, and sends nothing. */
export async function runPlan(connector: Connector, sampleSize: number): Promise<Plan> {
  const source = await openSource(connector);
  try {
    const { changed, ...users } = await planUsers(connector, source, sampleSize);
    const lookedUp = await lookUp(connector, changed);
    const fields: Record<string, number> = {};
    for (const { changes } of lookedUp) {
      for (const { field } of changes) fields[field] = (fields[field] ?? 0) + 1;
    }
    return {
      ...users,
      changed: users.changedProperties + users.changedSubscriptions,
      gone: await planRemovals(connector, source),
      onDelete: connector.users?.onDelete ?? 'ignore',
      lookedUp: lookedUp.length,
      fields,
      sample: lookedUp.filter(({ changes }) => changes.length > 0).slice(0, sampleSize),
      triggers: await planTriggers(connector, source),
    };
  } finally {
    await source.close();
  }
}

/** A target that does not answer costs the details, not the plan. */
async function lookUp(
  { target }: Connector,
  changed: PlannedUsers['changed'],
): Promise<{ externalId: string; changes: readonly FieldChange[] }[]> {
  if (changed.length === 0) return [];
  const client = new Client({ ...target, retry: { retries: 1, baseDelayMs: 1000 } });
  const found: { externalId: string; changes: readonly FieldChange[] }[] = [];
  try {
    for (const user of changed.slice(0, LOOKED_UP)) {
      const there = await viewAtTarget(client, user.externalId);
      if (there === null) break;
      found.push({ externalId: user.externalId, changes: compareWithTarget(there, user) });
    }
  } finally {
    await client.close();
  }
  return found;
}
