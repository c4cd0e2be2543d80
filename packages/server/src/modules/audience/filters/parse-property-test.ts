import type { PropertyTest } from '../condition.ts';
import type { Entry } from './entry.ts';
import { refuseFilter } from './refuse-filter.ts';
import { valuesOf } from './values-of.ts';

const RELATIONS = ['exists', 'not_exists', '=', '!=', 'in_array', 'not_in_array', '>', '<'] as const;
const DEEPEST = 10;

/** `{"key": "items.0.sku", "relation": "=", "value": "A-1"}`. */
export function parsePropertyTest(entry: Entry): PropertyTest {
  const path = entry.text('key').split('.');
  if (path.length > DEEPEST || path.some((name) => name === '' || /^[\s+]/.test(name))) {
    return refuseFilter(
      `${entry.path}.key`,
      `must be names with points between them, at most ${DEEPEST}: "items.0.sku"`,
      path.join('.'),
    );
  }
  const relation = entry.relation(RELATIONS);
  switch (relation) {
    case 'exists':
    case 'not_exists':
      return { path, test: { is: 'exists' }, not: relation === 'not_exists' };
    case '=':
    case '!=':
      return { path, test: { is: 'one-of', values: [entry.text('value')] }, not: relation === '!=' };
    case 'in_array':
    case 'not_in_array':
      return { path, test: { is: 'one-of', values: valuesOf(entry) }, not: relation === 'not_in_array' };
    case '>':
    case '<':
      return { path, test: { is: relation, value: entry.decimal() }, not: false };
  }
}
