import { randomUUID } from 'node:crypto';
import type { Client } from '@carillon/client';
import { describeFailure } from '@carillon/client';
import type { OneSignalTarget } from '../../config/target.ts';
import type { Finding } from '../../model/source.ts';
import { checkTarget } from '../check-target.ts';
import type { Needs } from '../destination.ts';
import type { TemplateNames } from '../template-names.ts';
import { TAGS } from './published.ts';

/** Asks for what the connector will need, and changes nothing. */
export async function checkOneSignal(
  client: Client,
  names: TemplateNames,
  { plan, eventData }: OneSignalTarget,
  { templates, tags, sendsEvents }: Needs,
): Promise<readonly Finding[]> {
  const findings = [...(await checkTarget(client, names, templates))];
  if (findings.some(({ what, state }) => what === 'target' && state === 'refused')) return findings;
  findings.push(tagFinding(plan, tags));
  if (sendsEvents) findings.push(await probeEvents(client, eventData));
  return findings;
}

function tagFinding(plan: OneSignalTarget['plan'], tags: number): Finding {
  const most = TAGS[plan];
  const fits = most === null || tags <= most;
  return {
    what: 'tags of a user',
    state: fits ? 'good' : 'refused',
    detail: `${tags} in users.tags; the ${plan} plan ${most === null ? 'has no limit' : `has ${most}`}`,
    fix: fits ? null : 'leave tags out, or name the plan that the account has in target.plan',
  };
}

/** An event of nobody: whoever takes events says that there is no such user, and keeps nothing. */
async function probeEvents(client: Client, eventData: OneSignalTarget['eventData']): Promise<Finding> {
  const probe = {
    name: 'carillon_connect_check',
    external_id: `carillon-connect-check-${randomUUID()}`,
    [eventData]: {},
  };
  const answer = await client.customEvents.create([probe]);
  const what = 'custom events';
  if (answer.ok)
    return { what, state: 'good', detail: `are taken, with their data as ${eventData}`, fix: null };
  return {
    what,
    state: 'refused',
    detail: describeFailure(answer.failure),
    fix: 'custom events need a paid plan; leave events out of the configuration otherwise',
  };
}
