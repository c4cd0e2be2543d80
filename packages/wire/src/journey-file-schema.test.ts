import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { journeyFileSchema } from './journey-file-schema.ts';

it('the schema is what docs/reference has: npm run generate makes it', () => {
  const file = new URL('../../../docs/reference/journey.schema.json', import.meta.url);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(JSON.parse(journeyFileSchema()));
});
