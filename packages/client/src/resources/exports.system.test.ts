import { expect, test } from 'vitest';
import { serverForTests } from '../fixtures/server-for-tests.ts';
import { required } from '../index.ts';

const stage = serverForTests();

test('an export is asked for, listed, and deleted, and the documented one leads to a file', async () => {
  const { exports } = stage().client;
  const made = required(await exports.create({ kind: 'users', format: 'jsonl', columns: ['external_id'] }));
  expect(made).toMatchObject({ kind: 'users', format: 'jsonl', columns: ['external_id'], filter: {} });
  expect(required(await exports.list()).exports.map(({ id }) => id)).toEqual([made.id]);
  expect(required(await exports.view(made.id)).id).toBe(made.id);
  const { csv_file_url: url } = required(await exports.subscriptionsCsv({ extra_fields: ['country'] }));
  expect(url).toMatch(/\/exports\/[\w-]+\/users_.*\.csv\.gz$/);
  expect(required(await exports.delete(made.id))).toEqual({ success: true });
  const gone = await exports.cancel(made.id);
  expect(gone).toMatchObject({ ok: false, failure: { kind: 'not-found' } });
});
