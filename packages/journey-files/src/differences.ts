import { isObject } from './json.ts';
import type { Json } from './json.ts';

export interface Difference {
  readonly path: string;
  /** Null: it is not there. */
  readonly from: Json;
  readonly to: Json;
}

/** What has to change to make `to` of `from`, member by member. */
export function differences(from: Json | undefined, to: Json | undefined, path = ''): readonly Difference[] {
  if (JSON.stringify(from) === JSON.stringify(to)) return [];
  if (isObject(from) && isObject(to)) {
    const names = [...new Set([...Object.keys(from), ...Object.keys(to)])].toSorted();
    return names.flatMap((name) => differences(from[name], to[name], path === '' ? name : `${path}.${name}`));
  }
  if (Array.isArray(from) && Array.isArray(to)) {
    const length = Math.max(from.length, to.length);
    return Array.from({ length }, (_, index) =>
      differences(from[index] as Json | undefined, to[index] as Json | undefined, `${path}[${index}]`),
    ).flat();
  }
  return [{ path, from: from ?? null, to: to ?? null }];
}
