// Half of a surrogate pair, alone.
const HALF = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Text as databases take it: without NUL, which PostgreSQL refuses, and halves of surrogate pairs. */
export function storableText(text: string): string {
  return text.replaceAll('\u0000', '').replace(HALF, '\ufffd');
}

/** The same for all text in JSON, names included. */
export function storableJson<Value>(value: Value): Value {
  // Whatever is not storable is written as an escape.
  return JSON.stringify(value).includes('\\u') ? (rebuilt(value) as Value) : value;
}

function rebuilt(value: unknown): unknown {
  if (typeof value === 'string') return storableText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(rebuilt);
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [storableText(name), rebuilt(part)] as const),
  );
}
