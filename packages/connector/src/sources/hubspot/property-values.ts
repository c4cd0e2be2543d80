export interface HubspotProperty {
  readonly name: string;
  readonly type: string;
}

/** Every value comes as text; one that is not there as null or as the empty text. */
export function propertyValue(text: string | null, type: string): unknown {
  if (text === null || text === '') return null;
  switch (type) {
    case 'number':
      return Number.isNaN(Number(text)) ? text : Number(text);
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
      return 'number';
    case 'bool':
      return 'boolean';
    case 'datetime':
      return 'Date';
    default:
      return 'string';
  }
}
