/** What the schema of a query string says of one parameter. */
interface Parameter {
  readonly type?: unknown;
}

type Reader = (text: string) => unknown;

const READERS: Readonly<Record<string, Reader>> = {
  integer: (text) => (/^-?\d{1,15}$/.test(text) ? Number(text) : text),
  number: (text) => (/^-?\d{1,15}(?:\.\d+)?$/.test(text) ? Number(text) : text),
  boolean: (text) => (text === 'true' ? true : text === 'false' ? false : text),
  array: (text) => [text],
};

/**
 * A query string is all text. This reads the parameters that the schema declares as numbers, booleans
 * or lists, and leaves what is not well written as it is, for the schema to refuse by name. A number
 * or boolean without a value (`?limit=`) counts as absent. Returns null when all parameters are text.
 */
export function queryReader(schema: unknown): ((query: Record<string, unknown>) => void) | null {
  const properties = (schema as { properties?: Record<string, Parameter> } | undefined)?.properties ?? {};
  const readers = Object.entries(properties).flatMap(([name, { type }]) => {
    const read = READERS[String(type)];
    return read === undefined ? [] : [{ name, read, list: type === 'array' }];
  });
  if (readers.length === 0) return null;
  return (query) => {
    for (const { name, read, list } of readers) {
      const text = query[name];
      if (typeof text !== 'string') continue;
      if (text === '' && !list) delete query[name];
      else query[name] = read(text);
    }
  };
}
