import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { configSchemaFile } from './config-reference.ts';

it('is what docs/reference has: npm run generate makes it', () => {
  const file = new URL('../../../../../docs/reference/connector.schema.json', import.meta.url);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(JSON.parse(configSchemaFile()));
});
