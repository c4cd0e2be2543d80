import { objectOf } from '../call.ts';
import type { Call } from '../call.ts';
import { structured } from '../reply.ts';
import type { Reply } from '../reply.ts';
import type { FakeUser } from './user.ts';

const MOST_PROPERTIES = 100;
const KNOWN = [
  'language',
  'timezone_id',
  'country',
  'lat',
  'long',
  'test_user_name',
  'first_active',
  'last_active',
];

/** Why these properties cannot be set; null where they can. A request is taken as a whole or not at all. */
export function refuseProperties(call: Call, user: FakeUser | null, given: unknown): Reply | null {
  const { tags: sent, ...others } = objectOf(given);
  const tags = objectOf(sent);
  const properties = Object.keys(tags).length + Object.keys(others).length;
  if (properties > MOST_PROPERTIES) {
    call.violated('properties-per-request', `${properties} properties in one request`);
    return structured(400, { title: `Please limit your tag updates to ${MOST_PROPERTIES} per request` });
  }
  const nested = Object.entries(tags).find(([, value]) => typeof value === 'object' && value !== null);
  if (nested !== undefined) {
    call.violated('body', `the tag ${nested[0]} is no text`);
    return structured(400, { title: `Tag ${nested[0]} must be a string` });
  }
  const most = call.limits.tagsPerUser;
  if (most === null) return null;
  const after = new Set(user?.tags.keys());
  for (const [name, value] of Object.entries(tags)) if (value !== '' && value !== null) after.add(name);
  // Taking tags away makes room for the next request, not for this one.
  const added = Object.keys(tags).some(
    (name) => tags[name] !== '' && tags[name] !== null && !user?.tags.has(name),
  );
  if (!added || after.size <= most) return null;
  call.violated('tags-per-user', `${after.size} tags where the plan has ${most}`);
  return structured(400, { title: `App is limited to a maximum of ${most} tags on a given player` });
}

/** Tags merge; "" and null take one away. */
export function setProperties(user: FakeUser, given: unknown): void {
  const { tags, ...others } = objectOf(given);
  for (const [name, value] of Object.entries(objectOf(tags))) {
    if (value === '' || value === null) user.tags.delete(name);
    else user.tags.set(name, typeof value === 'string' ? value : JSON.stringify(value));
  }
  for (const name of KNOWN) {
    const value = others[name];
    if (value !== undefined && value !== null) user.properties[name] = value;
  }
}
