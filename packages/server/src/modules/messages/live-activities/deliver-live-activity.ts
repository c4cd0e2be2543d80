import type { LiveActivity } from '@carillon/wire';
import type { Clock } from '../../../platform/clock.ts';
import type { Database } from '../../../platform/database/database.ts';
import type { Outcome } from '../../channels/index.ts';
import type { Recipient } from '../../identity/index.ts';
import { activityTokensOf, endActivityTokens, forgetActivityTokens } from './activity-token-store.ts';
import type { ActivityPlace, ActivityToken } from './activity-token-store.ts';

export interface LiveActivityOptions {
  readonly database: Database;
  readonly clock: Clock;
}

export interface LiveActivityPage {
  readonly appId: string;
  readonly activity: LiveActivity;
  readonly recipients: readonly Recipient[];
}

/** Hands a page of a live activity over: to the devices' tokens for it, in place of those of their subscriptions. */
export type DeliverLiveActivity = (
  page: LiveActivityPage,
  handOver: (recipients: readonly Recipient[]) => Promise<readonly Outcome[]>,
) => Promise<Outcome[]>;

export function createActivityDeliverer({ database, clock }: LiveActivityOptions): DeliverLiveActivity {
  return async ({ appId, activity, recipients }, handOver) => {
    const place = placeOf(appId, activity);
    const ids = recipients.map(({ subscriptionId }) => subscriptionId);
    const known = await activityTokensOf(database, place, ids);
    const tokens = new Map(known.map(({ subscriptionId, token }) => [subscriptionId, token]));
    const reached = recipients.flatMap((recipient) => {
      const token = tokens.get(recipient.subscriptionId);
      return token === undefined ? [] : [{ ...recipient, token }];
    });
    const outcomes = reached.length === 0 ? [] : await handOver(reached);
    const ended: ActivityToken[] = [];
    const dead: ActivityToken[] = [];
    const results = new Map<string, Outcome>();
    for (const [index, { subscriptionId, token }] of reached.entries()) {
      const outcome = outcomes[index];
      if (outcome === undefined) continue;
      results.set(subscriptionId, outcomeForSubscription(outcome));
      if (outcome.state === 'sent') ended.push({ subscriptionId, token });
      if (outcome.state === 'failed' && outcome.address !== undefined) dead.push({ subscriptionId, token });
    }
    if (activity.event === 'end' && ended.length > 0) {
      await endActivityTokens(database, place, ended, clock.now());
    }
    if (dead.length > 0) await forgetActivityTokens(database, place, dead);
    return ids.map((id) => results.get(id) ?? untold(activity));
  };
}

function placeOf(appId: string, activity: LiveActivity): ActivityPlace {
  return activity.event === 'start'
    ? { appId, kind: 'start', activity: activity.activity_type }
    : { appId, kind: 'update', activity: activity.activity_id };
}

/** It is the activity that has ended on the device: what is sent to the app itself arrives all the same. */
function outcomeForSubscription(outcome: Outcome): Outcome {
  return outcome.state === 'failed' ? { state: 'failed', reason: outcome.reason } : outcome;
}

function untold(activity: LiveActivity): Outcome {
  const reason =
    activity.event === 'start'
      ? `the device has not told how live activities of the type ${activity.activity_type} are started`
      : `the live activity ${activity.activity_id} goes on no more on the device`;
  return { state: 'failed', reason };
}
