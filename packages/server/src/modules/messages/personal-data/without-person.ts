import { isEmailAddress, parseEmail } from '../../identity/index.ts';
import type { Person } from '../../identity/index.ts';

type Json = Readonly<Record<string, unknown>>;

/** How people are named in requests: values of labels, and ids of subscriptions. */
export interface Names {
  readonly has: (label: string, value: unknown) => boolean;
  readonly hasSubscription: (id: unknown) => boolean;
  readonly hasAddress: (address: unknown) => boolean;
}

export function namesOf(people: readonly Person[]): Names {
  const aliases = new Set<string>();
  const subscriptions = new Set<string>();
  const addresses = new Set(people.flatMap((person) => person.addresses));
  for (const person of people) {
    for (const { label, value } of person.aliases) aliases.add(`${label} ${value}`);
    for (const { userId } of person.users) aliases.add(`onesignal_id ${userId}`);
    for (const { id } of person.subscriptions) subscriptions.add(id);
  }
  return {
    has: (label, value) =>
      aliases.has(`${label} ${label === 'onesignal_id' ? String(value).toLowerCase() : String(value)}`),
    hasAddress: (address) => addresses.has(String(address)),
    hasSubscription: (id) => subscriptions.has(String(id).toLowerCase()),
  };
}

/** A request for a message without those people among its targets and filters; the very same when none of them is. */
export function withoutTargets(request: Json, names: Names): Json {
  const aliases = withoutAliases(request['include_aliases'], names);
  const ids = without(request['include_subscription_ids'], names.hasSubscription);
  const filters = withoutAddresses(request['filters'], names);
  if (aliases === null && ids === null && filters === null) return request;
  return {
    ...request,
    ...(aliases !== null && { include_aliases: aliases }),
    ...(ids !== null && { include_subscription_ids: ids }),
    ...(filters !== null && { filters }),
  };
}

/** The answer to such a request, which names targets that could not be reached. */
export function withoutUnreached(answer: Json, names: Names): Json {
  const errors = answer['errors'];
  if (typeof errors !== 'object' || errors === null || Array.isArray(errors)) return answer;
  const told = errors as Json;
  const left = {
    invalid_aliases: withoutAliases(told['invalid_aliases'], names),
    invalid_external_user_ids: without(told['invalid_external_user_ids'], (id) =>
      names.has('external_id', id),
    ),
    invalid_player_ids: without(told['invalid_player_ids'], names.hasSubscription),
    invalid_email_tokens: without(told['invalid_email_tokens'], names.hasAddress),
    invalid_phone_numbers: without(told['invalid_phone_numbers'], names.hasAddress),
  };
  const changed = Object.entries(left).filter(([, value]) => value !== null);
  return changed.length === 0 ? answer : { ...answer, errors: { ...told, ...Object.fromEntries(changed) } };
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

/** The filters stay, because they have their places among operators; null when they name none of them. */
function withoutAddresses(filters: unknown, names: Names): unknown[] | null {
  if (!Array.isArray(filters)) return null;
  let changed = false;
  const left = filters.map((filter: Json): Json => {
    const value = String(filter['value']);
    if (filter['field'] !== 'email' || !isEmailAddress(value) || !names.hasAddress(parseEmail(value))) {
      return filter;
    }
    changed = true;
    return { ...filter, value: '' };
  });
  return changed ? left : null;
}

function without(given: unknown, isTheirs: (value: unknown) => boolean): unknown[] | null {
  if (!Array.isArray(given)) return null;
  const others: unknown[] = given.filter((value) => !isTheirs(value));
  return others.length < given.length ? others : null;
}
