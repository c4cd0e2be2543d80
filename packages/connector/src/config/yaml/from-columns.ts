import { asText } from '../../model/as-text.ts';
import { ConfigInvalid } from '../config-invalid.ts';
import type { ReturnedEvent } from '../back.ts';
import type { Model, Row } from '../fields.ts';

/**
 * A function that tells its text as what it was made from: functions count by their text when a mapping
 * is compared with the one of the last run.
 */
function told<F extends object>(text: string, make: F): F {
  return Object.defineProperty(make, 'toString', { value: () => text });
}

/** `customer-{id}`, or a column alone. */
export function textFrom(template: string): (row: Row) => string {
  const parts = template.includes('{') ? template : `{${template}}`;
  return told(`text ${parts}`, (row: Row) =>
    parts.replaceAll(/\{([^}]+)\}/g, (_, column: string) => asText(valueOf(row, column))),
  );
}

export function isTrue(column: string): (row: Row) => boolean {
  return told(`true ${column}`, (row: Row) => valueOf(row, column) === true || row[column] === 1);
}

/** Names to columns. */
export function dataFrom(columns: Readonly<Record<string, string>>): (row: Row) => Row {
  return told(`data ${JSON.stringify(columns)}`, (row: Row) =>
    Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, valueOf(row, column)])),
  );
}

/** SQL with `:externalId` and the like: fields of an event. `::type` is left alone. */
export function statementFrom(field: string, text: string): (event: ReturnedEvent) => Model<object> {
  const names: string[] = [];
  const filled = text.replaceAll(/(?<![:\w]):([A-Za-z]\w*)/g, (_, name: string) => {
    if (!EVENT_FIELDS.has(name)) {
      throw new ConfigInvalid(field, `knows no :${name}; an event has ${[...EVENT_FIELDS].join(', ')}`);
    }
    names.push(name);
    return `$${names.length}`;
  });
  return told(filled, (event: ReturnedEvent) => ({
    text: filled,
    values: names.map((name) => event[name as keyof ReturnedEvent]),
  }));
}

const EVENT_FIELDS: ReadonlySet<string> = new Set([
  'id',
  'kind',
  'channel',
  'at',
  'externalId',
  'subscriptionId',
  'messageId',
  'templateId',
  'address',
  'reason',
  'url',
]);

/** A column that is misspelt must not become an empty text. */
function valueOf(row: Row, column: string): unknown {
  const value = row[column];
  if (value === undefined) throw new Error(`there is no column ${column}`);
  return value;
}
