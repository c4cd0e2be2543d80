import type { Schema } from './schema.ts';

/** What breaks a rule, and where: keys and indexes from the top. */
export interface Fault {
  readonly path: readonly (string | number)[];
  readonly rule: string;
}

/** Everything in `value` that is not as the schema says. */
export function findFaults(schema: Schema, value: unknown, path: Fault['path'] = []): Fault[] {
  const types = [schema.type].flat();
  const type = typeOf(value);
  if (!types.includes(type)) {
    return [{ path, rule: `is ${types.map(article).join(' or ')}; it is ${article(type)}` }];
  }
  switch (type) {
    case 'object':
      return faultsOfObject(schema, value as Readonly<Record<string, unknown>>, path);
    case 'array':
      return (value as readonly unknown[]).flatMap((item, i) =>
        schema.items === undefined ? [] : findFaults(schema.items, item, [...path, i]),
      );
    case 'string':
      return faultsOfText(schema, value as string, path);
    default:
      return [];
  }
}

function faultsOfObject(
  { properties = {}, required = [], additionalProperties }: Schema,
  value: Readonly<Record<string, unknown>>,
  path: Fault['path'],
): Fault[] {
  const missing = required
    .filter((name) => value[name] === undefined)
    .map((name) => ({ path, rule: `has no ${name}: ${properties[name]?.description ?? 'it is needed'}` }));
  const found = Object.entries(value).flatMap(([name, part]) => {
    const schema = properties[name] ?? additionalProperties;
    if (schema === undefined) return [];
    if (schema !== false) return findFaults(schema, part, [...path, name]);
    return [
      { path: [...path, name], rule: `is not known here; there are ${Object.keys(properties).join(', ')}` },
    ];
  });
  return [...missing, ...found];
}

function faultsOfText({ enum: words, pattern }: Schema, value: string, path: Fault['path']): Fault[] {
  if (words !== undefined && !words.includes(value)) {
    return [{ path, rule: `is one of ${words.join(', ')}; it is "${value}"` }];
  }
  if (pattern !== undefined && !new RegExp(pattern).test(value)) {
    return [{ path, rule: `fits ${pattern}; it is "${value}"` }];
  }
  return [];
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

const WORDS: Readonly<Record<string, string>> = {
  string: 'a text',
  object: 'an object',
  array: 'a list',
  number: 'a number',
  boolean: 'true or false',
  null: 'null',
};

function article(type: string): string {
  return WORDS[type] ?? type;
}
