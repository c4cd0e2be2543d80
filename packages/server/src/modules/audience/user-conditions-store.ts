import type { Channel } from '@carillon/wire';
import { statement } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/database.ts';
import type { UserPlace } from '../identity/index.ts';
import { conditionAlone } from './condition-store.ts';
import type { Condition } from './condition.ts';
import type { AudienceSources } from './sources.ts';
import { Parameters } from './sql-parts-store.ts';

/** What is true of a subscription of a user. */
export interface SubscriptionTruths {
  /** Null of a user who has none: conditions on subscriptions are not true of them. */
  readonly id: string | null;
  readonly type: string | null;
  readonly channel: Channel | null;
  readonly reachable: boolean;
  /** In the order of the conditions. */
  readonly truths: readonly boolean[];
}

/**
 * Which conditions are true of each subscription of a user, or of the user alone where there is none; nothing where
 * there is no such user. Evaluated by the same text as for a message. `now` in milliseconds.
 */
export async function readTruths(
  database: Queryable,
  { appId, lane, userId }: UserPlace & { readonly appId: string },
  conditions: readonly Condition[],
  { now, messageEvents }: { readonly now: number; readonly messageEvents: AudienceSources['messageEvents'] },
): Promise<SubscriptionTruths[]> {
  const parameters = new Parameters([lane, userId, appId]);
  const scope = { appId, lanes: [lane], users: [userId], now, messageEvents };
  const truths = conditions.map((condition) => conditionAlone(condition, parameters, scope));
  const ask = statement(
    '',
    `select s.id, s.type, s.channel, coalesce(s.reachable, false) as reachable,
       array[${truths.join(', ')}]::boolean[] as truths
     from users u
     left join subscriptions s on s.lane = u.lane and s.user_id = u.id and s.app_id = u.app_id
     where u.lane = $1 and u.id = $2 and u.app_id = $3
     order by s.id`,
  );
  return database.rows<SubscriptionTruths>(ask, parameters.values);
}
