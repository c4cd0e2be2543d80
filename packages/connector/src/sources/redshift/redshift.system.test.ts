import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { scanned } from '../../fixtures/file-shop.ts';
import { Shop } from '../../fixtures/shop.ts';
import { defineConnector, redshift, sql, tag } from '../../index.ts';
import type { Source } from '../../model/source.ts';
import { openSource } from '../open-source.ts';

// PostgreSQL stands in: what Redshift is asked is a part of what both speak.
let shop: Shop;
let home: string;
let source: Source;
beforeEach(async () => {
  shop = await Shop.open(0);
  home = mkdtempSync(join(tmpdir(), 'carillon-redshift-'));
  await shop.pool.query(
    `CREATE TABLE people (id bigint, name text, active boolean, joined timestamptz);
     INSERT INTO people VALUES (9007199254740993, 'Ada', true, '2026-02-03T04:05:06Z'), (2, NULL, NULL, NULL), (3, '', false, NULL);
     CREATE TABLE lines (order_id int, line int, status text);
     INSERT INTO lines VALUES (7, 1, 'shipped'), (7, 2, 'new'), (8, 1, 'shipped')`,
  );
  source = await openSource(
    defineConnector({
      name: 'redshift',
      home,
      source: redshift({ url: shop.url, keys: { lines: ['order_id', 'line'] } }),
      target: { url: 'http://127.0.0.1:9', appId: 'the-app', apiKey: 'the-key' },
      users: {
        model: sql<{ id: string; name: string }>`SELECT * FROM people WHERE id > ${1};`,
        key: 'id',
        dirtyWhen: {},
        tags: { name: tag('name') },
      },
      events: { shipped: { on: { table: 'lines', becomes: { status: 'shipped' } }, user: () => '1' } },
    }),
  );
});
afterEach(async () => {
  await source.close();
  await shop.drop();
  rmSync(home, { recursive: true, force: true });
});

it('is hashed by the warehouse: a row has the same hash until one of its values is another', async () => {
  const before = await scanned(source);
  expect([...before.keys()].toSorted()).toEqual(['2', '3', '9007199254740993']);
  expect(new Set(before.values()).size).toBe(3);
  await shop.pool.query("UPDATE people SET name = '' WHERE id = 2");
  const after = await scanned(source);
  expect(after.get('2')).not.toBe(before.get('2'));
  expect(after.get('3')).toBe(before.get('3'));
  await shop.pool.query("ALTER TABLE people ADD COLUMN city text DEFAULT 'Rome'");
  expect((await scanned(source)).get('3')).not.toBe(after.get('3'));
});

it('gives rows by their keys, and rows that reach a state by keys of two columns', async () => {
  expect(await source.rows(['9007199254740993', '4'])).toEqual([
    { id: '9007199254740993', name: 'Ada', active: true, joined: new Date('2026-02-03T04:05:06Z') },
  ]);
  const reached = await scanned(source, {
    of: 'reached',
    table: 'public.lines',
    becomes: { status: 'shipped' },
  });
  expect([...reached.keys()].toSorted()).toEqual(['7\u00011', '8\u00011']);
  const changed = await source.changed('public.lines', [...reached.keys()]);
  expect(changed.map(({ key, row }) => [key, row['status']])).toEqual([
    [['7', '1'], 'shipped'],
    [['8', '1'], 'shipped'],
  ]);
});

it('says in its check what is good and what is not', async () => {
  expect((await source.check()).map(({ what, state }) => `${what} ${state}`)).toEqual([
    'source good',
    'changes good',
    'public.lines good',
    'users.model good',
  ]);
  await shop.pool.query('ALTER TABLE people DROP COLUMN name; DROP TABLE lines');
});
