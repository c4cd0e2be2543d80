/** A value of a column as text: times in ISO 8601, structures as JSON. */
export function asText(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
    case 'bigint':
    case 'boolean':
      return String(value);
    case 'object':
      return value instanceof Date ? value.toISOString() : JSON.stringify(value);
    case 'undefined':
    case 'symbol':
    case 'function':
      return '';
  }
}
