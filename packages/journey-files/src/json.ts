export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: Json | undefined;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Members whose names are people's own: nothing in them is ours to read. */
const FREE = new Set(['assignments', 'tag_on_early_exit']);

/** Every object of a tree, from the inside, replaced by what `change` makes of it. */
export function mapObjects(
  value: Json,
  change: (object: JsonObject, path: string) => JsonObject,
  path = '',
): Json {
  if (Array.isArray(value)) {
    return (value as readonly Json[]).map((item, index) => mapObjects(item, change, `${path}[${index}]`));
  }
  if (!isObject(value)) return value;
  const members = Object.entries(value).map(([name, member]) => {
    const here = path === '' ? name : `${path}.${name}`;
    return [name, FREE.has(name) || member === undefined ? member : mapObjects(member, change, here)];
  });
  return change(Object.fromEntries(members) as JsonObject, path);
}
