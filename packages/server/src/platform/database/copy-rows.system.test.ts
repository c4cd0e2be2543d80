import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import { idBytes, newId } from '../ids.ts';
import { copyPieces } from './copy-rows.ts';
import { statement } from './database.ts';
import { isUniqueViolation } from './retry.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
  await test.database.run(
    statement(
      '',
      `create table things (
        id uuid primary key, name text, data jsonb, number int, big bigint, flag boolean, at timestamptz, day date)`,
    ),
  );
});
afterAll(() => test.drop());

const copy = statement('test.copy', 'copy things from stdin (format binary)');
const read = statement(
  'test.things',
  'select id, name, data, number, big, flag, at, day::text as day from things order by number desc',
);

interface Thing {
  readonly id: string;
  readonly name: string | null;
  readonly data: object | null;
  readonly number: number;
  readonly big: number;
  readonly flag: boolean;
  readonly at: number;
}

function rowsOf(things: readonly Thing[]): Iterable<Buffer> {
  return copyPieces(8, things, (rows, thing) => {
    rows.row();
    rows.uuid(idBytes(thing.id));
    if (thing.name === null) rows.null();
    else rows.text(thing.name);
    if (thing.data === null) rows.null();
    else rows.json(JSON.stringify(thing.data));
    rows.int4(thing.number);
    rows.int8(thing.big);
    rows.boolean(thing.flag);
    rows.time(thing.at);
    rows.date(thing.at);
  });
}

function* broken(): Iterable<Buffer> {
  yield* rowsOf([{ ...plain, id: newId() }]);
  throw new Error('no more');
}

const plain: Thing = {
  id: newId(),
  name: 'Zoë 漢字 🙂\n\t\\.',
  data: { b: ['ü', null, 1.5], a: '\u0001' },
  number: 2 ** 31 - 1,
  big: Number.MAX_SAFE_INTEGER,
  flag: true,
  at: Date.UTC(2026, 10, 25, 12, 30, 0, 123),
};
const odd: Thing = {
  ...plain,
  id: newId(),
  name: null,
  data: null,
  number: -(2 ** 31),
  big: Number.MIN_SAFE_INTEGER,
  flag: false,
  at: Date.UTC(1969, 6, 20, 20, 17, 40, 1),
};

it('rows of every type arrive as they were given, before 2000 too', async () => {
  const count = await test.database.transaction((transaction) =>
    transaction.copy(copy, rowsOf([plain, odd])),
  );
  expect(count).toBe(2);
  const rows = await test.database.rows<Omit<Thing, 'at'> & { at: Date }>(read);
  expect(rows.map(({ at, ...row }) => ({ ...row, at: at.getTime() }))).toEqual([
    { ...plain, day: '2026-11-25' },
    { ...odd, day: '1969-07-20' },
  ]);
});

it('many rows go in many pieces, whatever their size', async () => {
  const many = Array.from({ length: 1_000 }, (_, n) => ({
    ...plain,
    id: newId(),
    name: 'é'.repeat(n % 400),
    number: -5,
    big: n,
  }));
  many[500] = { ...plain, id: newId(), name: 'x'.repeat(300_000), number: -5, big: 500 };
  expect([...rowsOf(many)].length).toBeGreaterThan(5);
  await test.database.transaction((transaction) => transaction.copy(copy, rowsOf(many)));
  const rows = await test.database.rows<{ name: string }>(
    statement('', 'select name from things where number = -5 order by big'),
  );
  expect(rows.map(({ name }) => name)).toEqual(many.map(({ name }) => name));
  await test.database.run(statement('', 'delete from things where number = -5'));
});

it('rows that cannot be made end the COPY and leave the connection usable', async () => {
  await expect(test.database.transaction((transaction) => transaction.copy(copy, broken()))).rejects.toThrow(
    'no more',
  );
  expect(await test.database.rows(read)).toHaveLength(2);
});

it('a key that exists undoes the whole transaction and leaves the connection usable', async () => {
  const fresh = { ...plain, id: newId() };
  const attempt = test.database.transaction(async (transaction) => {
    await transaction.copy(copy, rowsOf([fresh]));
    await transaction.copy(copy, rowsOf([{ ...fresh, id: newId() }, plain]));
  });
  await expect(attempt).rejects.toSatisfy(isUniqueViolation);
  const rows = await test.database.rows<Thing>(read);
  expect(rows.map(({ id }) => id)).not.toContain(fresh.id);
});

it('a table that is not there is refused as by any statement', async () => {
  const nowhere = statement('test.nowhere', 'copy nowhere from stdin (format binary)');
  await expect(
    test.database.transaction((transaction) => transaction.copy(nowhere, rowsOf([plain]))),
  ).rejects.toThrow('relation "nowhere" does not exist');
  expect(await test.database.rows(read)).toHaveLength(2);
});
