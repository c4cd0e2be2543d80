import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { serverForTests } from '../fixtures/server-for-tests.ts';
import { required } from '../index.ts';

const stage = serverForTests();

test('a file is uploaded, looked at, started and cancelled, and its rejected rows are read', async () => {
  const { imports } = stage().client;
  const file = gzipSync('external_id,email\nanna,anna@example.com\nben,no address\n');
  const { id, state } = required(await imports.upload('people.csv', parts(file)));
  expect(state).toBe('ready');
  expect(required(await imports.preview(id)).rows).toMatchObject([
    { result: 'create' },
    { result: 'reject' },
  ]);
  const rejects = await imports.rejects(id);
  if (!rejects.ok) throw new Error('the list is there');
  let csv = '';
  for await (const chunk of rejects.body) csv += Buffer.from(chunk).toString();
  expect(csv.trim()).toBe('line,column,rule');
  // No worker runs here: it waits.
  expect(required(await imports.start(id)).state).toBe('queued');
  expect(required(await imports.cancel(id)).state).toBe('cancelled');
  expect(required(await imports.view(id)).counts.rows).toBe(0);
  expect(required(await imports.list()).imports.map((one) => one.id)).toEqual([id]);
  expect(required(await imports.delete(id))).toEqual({ success: true });
  expect(await imports.undo(id)).toMatchObject({ ok: false, failure: { kind: 'not-found' } });
});

test('what cannot be an import is told', async () => {
  const { imports } = stage().client;
  expect(await imports.upload('x.csv', parts(gzipSync('')))).toMatchObject({ ok: false });
  expect(await imports.fromUrl({ url: 'ftp://files.example/a.csv' })).toMatchObject({
    ok: false,
    failure: { kind: 'invalid' },
  });
});

async function* parts(file: Buffer): AsyncGenerator<Uint8Array> {
  yield file.subarray(0, 5);
  yield file.subarray(5);
}
