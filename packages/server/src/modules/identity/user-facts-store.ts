import { asJson, statement } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/database.ts';
import type { UserPlace } from './recipient.ts';

const facts = statement(
  'users.facts',
  `select u.id, u.tags, u.timezone_id as "timezoneId", u.last_active as "lastActive"
   from jsonb_to_recordset($1::jsonb) p (lane int, id uuid)
   cross join lateral (select * from users u where u.lane = p.lane and u.id = p.id limit 1) u`,
);

/** What journeys ask of users. */
export interface FactsOfUser {
  readonly tags: Readonly<Record<string, string>>;
  /** IANA name. */
  readonly timezoneId: string | null;
  readonly lastActive: Date;
}

/** By user id, in one statement; users who are gone are absent. */
export async function findUserFacts(
  database: Queryable,
  users: readonly UserPlace[],
): Promise<Map<string, FactsOfUser>> {
  const places = users.map(({ lane, userId }) => ({ lane, id: userId }));
  const found = await database.rows<FactsOfUser & { id: string }>(facts, [asJson(places)]);
  return new Map(found.map((user) => [user.id, user]));
}
