import { journeyInput } from './journey-input.ts';

type Json = string | number | boolean | null | readonly Json[] | JsonObject;
interface JsonObject {
  readonly [name: string]: Json | undefined;
}

/** Members by name that stand for members by id. */
const NAMED: Readonly<Record<string, readonly [string, JsonObject]>> = {
  template_id: [
    'template',
    { type: 'string', description: 'Name of a template of the channel, instead of its id.' },
  ],
  webhook_id: ['webhook', { type: 'string', description: 'Name of a webhook, instead of its id.' }],
  included_segment_ids: [
    'included_segments',
    { type: 'array', items: { type: 'string' }, description: 'Names of segments, instead of their ids.' },
  ],
  excluded_segment_ids: [
    'excluded_segments',
    { type: 'array', items: { type: 'string' }, description: 'Names of segments, instead of their ids.' },
  ],
};

/** The schema of a journey file, made of what the API takes: `docs/reference/journey.schema.json`. */
export function journeyFileSchema(): string {
  const input = JSON.parse(JSON.stringify(journeyInput)) as JsonObject;
  const definitions: Record<string, Json> = {};
  const body = forFiles(input, definitions) as JsonObject;
  const properties = {
    $schema: { type: 'string' },
    state: {
      enum: ['draft', 'active', 'paused', 'archived'],
      description: 'What the journey is to be. When absent it stays what it is; a new one is a draft.',
    },
    ...(body['properties'] as JsonObject),
  };
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Carillon journey',
    ...body,
    properties,
    $defs: definitions,
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

/** Objects are closed and take names; what refers to itself moves to the definitions of the file. */
function forFiles(schema: Json, definitions: Record<string, Json>): Json {
  if (Array.isArray(schema)) {
    return (schema as readonly Json[]).map((part) => forFiles(part, definitions));
  }
  if (!isObject(schema)) return schema;
  const { $defs, $id: _, $ref, ...rest } = schema;
  for (const [name, definition] of Object.entries(isObject($defs) ? $defs : {})) {
    if (name in definitions || definition === undefined) continue;
    definitions[name] = true;
    definitions[name] = forFiles(definition, definitions);
  }
  if (typeof $ref === 'string') return { $ref: `#/$defs/${$ref}` };
  const inner = Object.fromEntries(
    Object.entries(rest).map(([name, part]) => [
      name,
      part === undefined ? part : forFiles(part, definitions),
    ]),
  );
  const { properties, required } = inner;
  if (!isObject(properties)) return inner;
  const named = Object.keys(properties).flatMap((name) => (name in NAMED ? [NAMED[name]] : []));
  const { id: __, ...own } = properties;
  return {
    ...inner,
    properties: { ...own, ...Object.fromEntries(named.map((pair) => pair ?? [])) },
    ...(Array.isArray(required) && { required: required.filter((name) => !(String(name) in NAMED)) }),
    additionalProperties: false,
  };
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
