import type { Person } from '../../identity/index.ts';

type Json = Readonly<Record<string, unknown>>;

/** How people are named in requests: values of labels, and ids of subscriptions. */
export interface Names {
  has(label: string, value: unknown): boolean;
  hasSubscription(id: unknown): boolean;
}

export function namesOf(people: readonly Person[]): Names {
  const aliases = new Set<string>();
  const subscriptions = new Set<string>();
  for (const person of people) {
    for (const { label, value } of person.aliases) aliases.add(`${label} ${value}`);
    for (const { userId } of person.users) aliases.add(`onesignal_id ${userId}`);
    for (const { id } of person.subscriptions) subscriptions.add(id);
  }
  return {
    has: (label, value) =>
      aliases.has(`${label} ${label === 'onesignal_id' ? String(value).toLowerCase() : String(value)}`),
    hasSubscription: (id) => subscriptions.has(String(id).toLowerCase()),
  };
}

/** A request for a message without those people among its targets; the very same when none of them is. */
export function withoutTargets(request: Json, names: Names): Json {
  const aliases = withoutAliases(request['include_aliases'], names);
  const ids = withoutIds(request['include_subscription_ids'], names);
  if (aliases === null && ids === null) return request;
  return {
    ...request,
    ...(aliases !== null && { include_aliases: aliases }),
    ...(ids !== null && { include_subscription_ids: ids }),
  };
}

/** The answer to such a request, which names targets that could not be reached. */
export function withoutUnreached(answer: Json, names: Names): Json {
  const errors = answer['errors'];
  if (typeof errors !== 'object' || errors === null || Array.isArray(errors)) return answer;
  const { invalid_aliases: unreached, invalid_player_ids: players, ...rest } = errors as Json;
  const aliases = withoutAliases(unreached, names);
  const ids = withoutIds(players, names);
  if (aliases === null && ids === null) return answer;
  const left = {
    ...rest,
    ...(unreached !== undefined && { invalid_aliases: aliases ?? unreached }),
    ...(players !== undefined && { invalid_player_ids: ids ?? players }),
  };
  return { ...answer, errors: left };
}

/** Null when there is nothing to take away. */
function withoutAliases(given: unknown, names: Names): Json | null {
  if (typeof given !== 'object' || given === null) return null;
  let changed = false;
  const left = Object.entries(given).map(([label, values]): [string, unknown] => {
    if (!Array.isArray(values)) return [label, values];
    const others: unknown[] = values.filter((value) => !names.has(label, value));
    changed ||= others.length < values.length;
    return [label, others];
  });
  return changed ? Object.fromEntries(left) : null;
}

function withoutIds(given: unknown, names: Names): unknown[] | null {
  if (!Array.isArray(given)) return null;
  const others: unknown[] = given.filter((id) => !names.hasSubscription(id));
  return others.length < given.length ? others : null;
}
