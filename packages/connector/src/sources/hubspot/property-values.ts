import { exactNumber } from '../exact-number.ts';

export interface HubspotProperty {
  readonly name: string;
  readonly type: string;
}

/** Every value comes as text; one that is not there as null or as the empty text. */
export function propertyValue(text: string | null, type: string): unknown {
  if (text === null || text === '') return null;
  switch (type) {
    case 'number':
      return numberOf(text);
    case 'bool':
      return text === 'true';
    case 'datetime':
      return new Date(/^\d+$/.test(text) ? Number(text) : text);
    default:
      return text;
  }
}

export function typeName(type: string): string {
  switch (type) {
    case 'number':
      return 'number | string';
    case 'bool':
      return 'boolean';
    case 'datetime':
      return 'Date';
    default:
      return 'string';
  }
}

/** Whole numbers can be somebody's id: none is rounded to another one. */
function numberOf(text: string): number | string {
  if (/^-?\d+$/.test(text)) return exactNumber(text);
  return Number.isNaN(Number(text)) ? text : Number(text);
}
