import { expect, test } from 'vitest';
import { isStorable } from '../../../platform/http/storable-text.ts';
import { changesBetween } from './changes-between.ts';

test('names what differs, and nothing else', () => {
  expect(changesBetween({ name: 'A', site: 'x', list: [1] }, { name: 'B', site: 'x', list: [1] })).toEqual({
    name: { from: 'A', to: 'B' },
  });
});

test('takes absent and null for the same', () => {
  expect(changesBetween({ a: null, b: 1 }, { b: null, c: undefined })).toEqual({ b: { from: 1, to: null } });
});

test('cuts long values, and leaves no half of a character', () => {
  const { body, nodes } = changesBetween(
    { body: 'short', nodes: [] },
    { body: `-${'🔔'.repeat(150)}`, nodes: Array.from({ length: 99 }, (_, at) => ({ at })) },
  );
  expect(body?.from).toBe('short');
  const cut = body?.to as string;
  expect(cut.length).toBe(200);
  expect(cut.endsWith('🔔…')).toBe(true);
  expect(isStorable(cut)).toBe(true);
  expect(nodes?.from).toEqual([]);
  expect(nodes?.to).toMatch(/^\[\{"at":0\},.+…$/);
});
