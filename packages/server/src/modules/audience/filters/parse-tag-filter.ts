import type { Condition } from '../condition.ts';
import type { Entry } from './entry.ts';
import { valuesOf } from './values-of.ts';

const RELATIONS = [
  '>',
  '<',
  '=',
  '!=',
  'exists',
  'not_exists',
  'in_array',
  'not_in_array',
  'time_elapsed_gt',
  'time_elapsed_lt',
] as const;

/** `{"field": "tag", "key": "level", "relation": ">", "value": "10"}`. */
export function parseTagFilter(entry: Entry): Condition {
  const key = entry.text('key');
  const relation = entry.relation(RELATIONS);
  switch (relation) {
    case 'exists':
    case 'not_exists':
      return { kind: 'tag-exists', key, not: relation === 'not_exists' };
    case '=':
    case '!=':
      return { kind: 'tag', key, values: [entry.text('value')], not: relation === '!=' };
    case 'in_array':
    case 'not_in_array':
      return { kind: 'tag', key, values: valuesOf(entry), not: relation === 'not_in_array' };
    case '>':
    case '<':
      return { kind: 'tag-number', key, relation, value: entry.decimal() };
    case 'time_elapsed_gt':
    case 'time_elapsed_lt':
      return {
        kind: 'tag-elapsed',
        key,
        relation: relation === 'time_elapsed_gt' ? '>' : '<',
        seconds: entry.decimal(),
      };
  }
}
