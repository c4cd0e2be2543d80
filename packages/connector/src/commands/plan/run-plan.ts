import { Client } from '@carillon/client';
import type { Connector } from '../../config/config.ts';
import { openDestination } from '../../destination/open-destination.ts';
import type { Cost } from '../../destination/cost.ts';
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
  /** What sending all of it takes at the limits that are known. */
  readonly cost: Cost;
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
    const gone = await planRemovals(connector, source);
    const triggers = await planTriggers(connector, source);
    const onDelete = connector.users?.onDelete ?? 'ignore';
    return {
      ...users,
      changed: users.changedProperties + users.changedSubscriptions,
      gone,
      onDelete,
      lookedUp: lookedUp.length,
      fields,
      sample: lookedUp.filter(({ changes }) => changes.length > 0).slice(0, sampleSize),
      triggers,
      cost: await costOf(connector, users, onDelete === 'ignore' ? 0 : gone, triggers),
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

async function costOf(
  { target }: Connector,
  { fresh, changedProperties, changedSubscriptions, mostTags }: Omit<PlannedUsers, 'changed'>,
  removed: number,
  triggers: readonly PlannedTrigger[],
): Promise<Cost> {
  const due = (what: PlannedTrigger['what']) =>
    triggers.reduce((all, trigger) => all + (trigger.what === what ? trigger.due : 0), 0);
  const destination = openDestination(target);
  try {
    return destination.costOf({
      newUsers: fresh,
      changedProperties,
      changedSubscriptions,
      removed,
      events: due('event'),
      messages: due('message'),
      propertiesPerUser: mostTags,
    });
  } finally {
    await destination.close();
  }
}
