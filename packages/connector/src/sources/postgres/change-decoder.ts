import { asText } from '../../model/as-text.ts';
import type { Pgoutput } from 'pg-logical-replication';
import type { Change } from '../../model/transition.ts';
import { parseLsn } from './replication-protocol.ts';
import { parserOf } from './row-types.ts';
import type { TableShape } from './table-shape.ts';

/**
 * Turns the plugin's messages into changes, and commits into the position behind them. Rows of
 * tables without a shape are passed over.
 */
export class ChangeDecoder {
  readonly #shapes: ReadonlyMap<string, TableShape>;
  #committedAt = 0;

  constructor(shapes: ReadonlyMap<string, TableShape>) {
    this.#shapes = shapes;
  }

  decode(message: Pgoutput.Message): Change | { readonly upTo: bigint } | null {
    switch (message.tag) {
      case 'begin':
        this.#committedAt = Number((message.commitTime as bigint) / 1000n);
        return null;
      case 'commit':
        return message.commitEndLsn === null ? null : { upTo: parseLsn(message.commitEndLsn) };
      case 'relation':
        // The plugin keeps this very object and parses the rows that follow with it.
        for (const column of message.columns) column.parser = (raw: string) => parserOf(column.typeOid)(raw);
        return null;
      case 'insert':
        return this.#change(message.relation, 'insert', message.new, null);
      case 'update':
        return this.#change(message.relation, 'update', message.new, message.old);
      case 'delete':
        return this.#change(message.relation, 'delete', message.old ?? message.key ?? {}, null);
      case 'origin':
      case 'type':
      case 'message':
      case 'truncate':
        return null;
    }
  }

  #change(
    relation: Pgoutput.MessageRelation,
    kind: Change['kind'],
    row: Record<string, unknown>,
    before: Record<string, unknown> | null,
  ): Change | null {
    const shape = this.#shapes.get(`${relation.schema}.${relation.name}`);
    if (shape === undefined) return null;
    const key = shape.key.map((column) => asText(row[column]));
    return { table: shape.name, key, row, before, kind, at: this.#committedAt };
  }
}
