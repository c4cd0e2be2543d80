import { identityOf } from '../app/user.ts';
import type { FakeUser } from '../app/user.ts';
import { objectOf, textOf } from '../call.ts';
import type { Call } from '../call.ts';
import { ok, structured } from '../reply.ts';
import type { Reply } from '../reply.ts';

/** Custom labels of one user, beside `external_id`. */
const MOST_ALIASES = 20;

export function unknownUser(label: string, id: string): Reply {
  return structured(404, { title: `Given alias \`(${label}: ${id})\` doesn't match an existing user` });
}

/** An alias belongs to somebody else: both shapes that are known of this answer. */
export function claimed(aliases: readonly (readonly [label: string, id: string])[]): Reply {
  const conflicting = Object.fromEntries(aliases);
  return structured(409, {
    code: 'user-2',
    title: 'One or more Aliases claimed by another User',
    meta: { ...conflicting, conflicting_aliases: conflicting },
  });
}

/** Why a user cannot have these aliases; null where it can. */
export function refuseAliases(
  call: Call,
  user: FakeUser | null,
  aliases: readonly (readonly [label: string, id: string])[],
): Reply | null {
  const labels = new Set([...(user?.aliases.keys() ?? []), ...aliases.map(([label]) => label)]);
  labels.delete('external_id');
  labels.delete('onesignal_id');
  if (labels.size <= MOST_ALIASES) return null;
  call.violated('aliases-per-user', `${labels.size} custom aliases`);
  return structured(400, { title: `A user has at most ${MOST_ALIASES} custom aliases` });
}

/** `GET …/identity` */
export function viewAliases(call: Call, label: string, id: string): Reply {
  const user = call.app.people.find(label, id);
  return user === undefined ? unknownUser(label, id) : ok(200, { identity: identityOf(user) });
}

/** `PATCH …/identity`: adds aliases, or gives those that are there another value. */
export function addAliases(call: Call, user: FakeUser): Reply {
  const aliases = Object.entries(objectOf(call.body['identity'])).flatMap(([label, value]) => {
    const id = textOf(value);
    return id === undefined ? [] : [[label, id] as const];
  });
  const often = call.tooOften(user.onesignalId);
  if (often !== null) return often;
  const taken = aliases.filter(([label, id]) => (call.app.people.find(label, id) ?? user) !== user);
  if (taken.length > 0) return claimed(taken);
  const refused = refuseAliases(call, user, aliases);
  if (refused !== null) return refused;
  for (const [label, id] of aliases) call.app.people.setAlias(user, label, id);
  return ok(200, { identity: identityOf(user) });
}

/** `DELETE …/identity/{label}` */
export function deleteAlias(call: Call, label: string, id: string, labelToDelete: string): Reply {
  const user = call.app.people.find(label, id);
  if (user === undefined) return unknownUser(label, id);
  if (!user.aliases.has(labelToDelete)) return structured(404, { title: `No alias ${labelToDelete}` });
  const often = call.tooOften(user.onesignalId);
  if (often !== null) return often;
  call.app.people.removeAlias(user, labelToDelete);
  return ok(200, { identity: identityOf(user) });
}
