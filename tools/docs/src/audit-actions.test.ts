import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { AUDIT_ACTIONS } from '@carillon/wire';
import { ROOT } from './read-pages.ts';

it('the guide names every action of the audit log, and no other', () => {
  const page = readFileSync(`${ROOT}docs/guides/api-extensions.md`, 'utf8');
  const table = page.slice(page.indexOf('| what | actions |'), page.indexOf('`metadata.changes`'));
  const named = [...table.matchAll(/`([a-z_]+\.[a-z]+)`/g)].map(([, action]) => action);
  expect(named.toSorted()).toEqual([...AUDIT_ACTIONS].toSorted());
});
