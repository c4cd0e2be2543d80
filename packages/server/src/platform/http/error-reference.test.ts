import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { errorReference } from './error-reference.ts';

it('docs/reference/errors.md is what `npm run generate` makes of the catalogue', () => {
  const page = new URL('../../../../../docs/reference/errors.md', import.meta.url);
  expect(readFileSync(page, 'utf8')).toBe(errorReference());
});
