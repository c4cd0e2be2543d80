import { asText } from '../../model/as-text.ts';

/** A field as `describe` tells it. */
export interface SalesforceField {
  readonly name: string;
  readonly type: string;
  readonly nillable: boolean;
}

/** The same value from JSON and from the CSV of the Bulk API, where everything is text and nothing is null. */
export function fieldValue(value: unknown, type: string): unknown {
  if (value === null || value === undefined || value === '') return null;
  switch (type) {
    case 'boolean':
      return value === true || value === 'true';
    case 'int':
    case 'double':
    case 'currency':
    case 'percent':
      return Number(value);
    case 'datetime':
      return new Date(asText(value));
    default:
      return value;
  }
}

export function typeName(type: string): string {
  switch (type) {
    case 'boolean':
      return 'boolean';
    case 'int':
    case 'double':
    case 'currency':
    case 'percent':
      return 'number';
    case 'datetime':
      return 'Date';
    default:
      return 'string';
  }
}
