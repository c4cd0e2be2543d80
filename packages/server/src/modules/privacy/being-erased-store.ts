/**
 * SQL that is true of a row about nobody whose erasing is under way: what is left of somebody leaves the server no
 * more. The arguments are expressions of the statement: the app's id, and what the row is about, which may be null.
 */
export function notBeingErased(app: string, userId: string, subscriptionId: string): string {
  return `coalesce(${userId} not in (${idsIn(app, 'users', 'userId')}), true)
    and coalesce(${subscriptionId} not in (${idsIn(app, 'subscriptions', 'id')}), true)`;
}

function idsIn(app: string, part: 'users' | 'subscriptions', key: string): string {
  return `select (p.value ->> '${key}')::uuid from erasures e cross join jsonb_array_elements(e.person -> '${part}') p
    where e.app_id = ${app} and e.state <> 'done'`;
}
