import { CONFIG_SCHEMA } from './schema.ts';

/** The schema as editors read it: `docs/reference/connector.schema.json`. */
export function configSchemaFile(): string {
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Carillon connector',
    ...CONFIG_SCHEMA,
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}
