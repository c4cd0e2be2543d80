import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { operations, routeOf } from '../operations/operations.ts';
import { PAGE } from './conformance-page.ts';
import { casesOf } from './operation-row.ts';

describe('docs/reference/conformance.md', () => {
  it('lists every operation with the number of its cases (else: npm run conformance -- --write)', () => {
    const rows = readFileSync(PAGE, 'utf8').matchAll(/^\| `([^`]+)` (\w+) \| [^|]+ \| (\d*) \|/gm);
    const listed = [...rows].map(([, route, name, cases]) => ({ route, name, cases: Number(cases) }));
    expect(listed).toEqual(
      operations.map((operation) => ({
        route: routeOf(operation),
        name: operation.name,
        cases: casesOf(operation.name),
      })),
    );
  });
});
