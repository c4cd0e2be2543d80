import type { Pool } from 'pg';
import { ConfigInvalid } from '../../config/config-invalid.ts';
import type { Beginning } from '../../model/source.ts';
import { reachedRows } from './reached-rows.ts';
import type { TableShape } from './table-shape.ts';

/**
 * The source remembers. A trigger that is new since then has its past noted from what is there now.
 */
export function resumed(pool: Pool, shapes: ReadonlyMap<string, TableShape>): Beginning {
  return {
    reason: 'resumed',
    cursors: {},
    reached: (query) => reachedRows(pool, shapeOf(shapes, query.table), query, Date.now()),
    release: () => Promise.resolve(),
  };
}

export function shapeOf(shapes: ReadonlyMap<string, TableShape>, table: string): TableShape {
  const shape = shapes.get(table);
  if (shape === undefined) throw new ConfigInvalid('table', `${table} is not in the source`);
  return shape;
}
