import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { capabilityRow, SOURCE_KINDS } from '../fixtures/source-kinds.ts';

const page = readFileSync(
  fileURLToPath(new URL('../../../../docs/guides/connector/sources.md', import.meta.url)),
  'utf8',
);

it('the page of sources tells what the suite holds each of them to, and of no other', () => {
  const told = page.split('\n').filter((line) => line.startsWith('| `'));
  expect(told).toEqual(SOURCE_KINDS.map(capabilityRow));
});
