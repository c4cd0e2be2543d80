import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import { idBytes, newId } from '../ids.ts';
import type { Copy } from './copy-into.ts';
import { copyPieces } from './copy-rows.ts';
import { statement } from './database.ts';
import type { JsonValue } from './json-bytes.ts';
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

const TEXT = 'copy things from stdin (format binary)';
const read = statement(
  'test.things',
  'select id, name, data, number, big, flag, at, day::text as day from things order by number desc',
);

interface Thing {
  readonly id: string;
  readonly name: string | null;
  readonly data: JsonValue;
  readonly number: number;
  readonly big: number;
  readonly flag: boolean;
  readonly at: number;
}

function copyOf(things: readonly Thing[]): Copy {
  const pieces = copyPieces(8, things, (rows, thing) => {
    rows.row();
    rows.uuid(idBytes(thing.id));
    if (thing.name === null) rows.null();
    else rows.text(thing.name);
    if (thing.data === null) rows.null();
    else rows.json(thing.data);
    rows.int4(thing.number);
    rows.int8(thing.big);
    rows.boolean(thing.flag);
    rows.time(thing.at);
    rows.date(thing.at);
  });
  return { text: TEXT, pieces: [...pieces] };
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
  await test.database.transaction((transaction) => transaction.copy([copyOf([plain, odd])]));
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
  expect(copyOf(many).pieces.length).toBeGreaterThan(5);
  await test.database.transaction((transaction) => transaction.copy([copyOf(many)]));
  const rows = await test.database.rows<{ name: string }>(
    statement('', 'select name from things where number = -5 order by big'),
  );
  expect(rows.map(({ name }) => name)).toEqual(many.map(({ name }) => name));
  await test.database.run(statement('', 'delete from things where number = -5'));
});

it('several tables are filled in their order, and each is told', async () => {
  await test.database.run(statement('', 'create table children (thing uuid references things (id))'));
  const parent = { ...plain, id: newId() };
  const children = copyPieces(1, [parent, parent], (rows, { id }) => {
    rows.row();
    rows.uuid(idBytes(id));
  });
  const told: number[] = [];
  await test.database.transaction((transaction) =>
    transaction.copy(
      [copyOf([parent]), { text: 'copy children from stdin (format binary)', pieces: [...children] }],
      (place) => told.push(place),
    ),
  );
  expect(told).toEqual([0, 1]);
  const [{ count }] = (await test.database.rows(statement('', 'select count(*)::int from children'))) as [
    { count: number },
  ];
  expect(count).toBe(2);
});

it('a key that exists undoes the whole transaction, and rows on their way are passed over', async () => {
  const before = await test.database.rows<Thing>(read);
  const fresh = { ...plain, id: newId() };
  // More than the connection holds, so that the refusal comes while rows are being sent.
  const many = Array.from({ length: 50_000 }, () => ({ ...plain, id: newId() }));
  const told: number[] = [];
  const attempt = test.database.transaction((transaction) =>
    transaction.copy([copyOf([fresh]), copyOf([plain, ...many]), copyOf(many)], (place) => told.push(place)),
  );
  await expect(attempt).rejects.toSatisfy(isUniqueViolation);
  expect(told).toEqual([0]);
  expect(await test.database.rows<Thing>(read)).toEqual(before);
});

it('a table that is not there is refused as by any statement', async () => {
  const nowhere = { ...copyOf([plain]), text: 'copy nowhere from stdin (format binary)' };
  const attempt = test.database.transaction((transaction) => transaction.copy([nowhere, copyOf([plain])]));
  await expect(attempt).rejects.toThrow('relation "nowhere" does not exist');
  expect(await test.database.rows<Thing>(read)).not.toHaveLength(0);
});

it('a connection that breaks in between says so', async () => {
  const attempt = test.database.transaction(async (transaction) => {
    const [{ pid }] = (await transaction.rows(statement('', 'select pg_backend_pid() as pid'))) as [
      { pid: number },
    ];
    const many = Array.from({ length: 50_000 }, () => ({ ...plain, id: newId() }));
    await Promise.all([
      transaction.copy([copyOf(many)]),
      test.database.run(statement('', `select pg_terminate_backend(${pid})`)),
    ]);
  });
  await expect(attempt).rejects.toThrow(/terminat|connection/iu);
});
