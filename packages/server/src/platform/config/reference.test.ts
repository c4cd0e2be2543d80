import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { configurationReference } from './reference.ts';

it('docs/reference/configuration.md is what `npm run generate` makes of the settings', () => {
  const page = new URL('../../../../../docs/reference/configuration.md', import.meta.url);
  expect(readFileSync(page, 'utf8')).toBe(configurationReference());
});
