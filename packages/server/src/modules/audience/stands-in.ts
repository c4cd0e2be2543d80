import type { Comparison } from './condition.ts';

/** Whether two things of which one is `order` above (or, negative, below) the other stand in a relation. */
export function standsIn(order: number, relation: Comparison): boolean {
  switch (relation) {
    case '>':
      return order > 0;
    case '<':
      return order < 0;
    case '=':
      return order === 0;
    case '!=':
      return order !== 0;
  }
}
