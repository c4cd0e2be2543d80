import type { MappedUser } from '../../model/map-user.ts';

type Properties = MappedUser['properties'];

/** Pure: the properties in parts of at most `most`, the others before the tags. One part at least. */
export function splitProperties(properties: Properties, most: number): readonly Properties[] {
  const { tags, ...others } = properties;
  if (Object.keys(tags).length + Object.keys(others).length <= most) return [properties];
  const parts: { tags: Record<string, string> }[] = [{ ...others, tags: {} }];
  let room = most - Object.keys(others).length;
  for (const [name, value] of Object.entries(tags)) {
    if (room === 0) {
      parts.push({ tags: {} });
      room = most;
    }
    const last = parts.at(-1);
    if (last !== undefined) last.tags[name] = value;
    room -= 1;
  }
  return parts;
}
