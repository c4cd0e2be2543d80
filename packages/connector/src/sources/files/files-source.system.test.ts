import { renameSync } from 'node:fs';
import { readdirSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../../fixtures/eventually.ts';
import { FakeDestination } from '../../fixtures/fake-destination.ts';
import { FileShop, scanned } from '../../fixtures/file-shop.ts';
import { Watching } from '../../fixtures/watching.ts';

let shop: FileShop;
beforeEach(() => (shop = new FileShop()));
afterEach(() => shop.close());

describe('CSV', () => {
  it('is read with quotes, line breaks within fields, a byte order mark and other line ends', async () => {
    const path = shop.write(
      'c.csv',
      '\uFEFFid,name,note\r\n1,"Ada ""L"", Countess","two\nlines"\r\n2,,""\r\n',
    );
    const source = await shop.open(path);
    expect([...(await scanned(source)).keys()]).toEqual(['1', '2']);
    expect(await source.rows(['2', '1', '3'])).toEqual([
      { id: '2', name: null, note: '' },
      { id: '1', name: 'Ada "L", Countess', note: 'two\nlines' },
    ]);
  });

  it('takes another delimiter, columns without a line of names, and types', async () => {
    const path = shop.write('c.txt', "7;true;2026-02-03 04:05:06;12.50;'a;b';9007199254740993\n8;;;;;\n");
    const source = await shop.open({
      path,
      format: 'csv',
      delimiter: ';',
      quote: "'",
      columns: ['id', 'active', 'joined', 'spent', 'name', 'big'],
      types: { active: 'boolean', joined: 'time', spent: 'number', big: 'number' },
    });
    expect(await source.rows(['7', '8'])).toEqual([
      {
        id: '7',
        active: true,
        joined: new Date('2026-02-03T04:05:06Z'),
        spent: 12.5,
        name: 'a;b',
        big: '9007199254740993',
      },
      { id: '8', active: null, joined: null, spent: null, name: null, big: null },
    ]);
    expect(await source.modelColumns()).toContainEqual({ name: 'joined', type: 'Date', nullable: true });
  });

  it('is read packed by gzip, and from several files', async () => {
    shop.write('part-1.csv.gz', gzipSync('id,name\n1,Ada\n'));
    shop.write('part-2.csv', 'name,id\nBea,2\n');
    shop.write('other.csv', 'id,name\n3,Cay\n');
    const source = await shop.open(shop.path('part-*'));
    expect([...(await scanned(source)).keys()]).toEqual(['1', '2']);
    expect(await source.rows(['2'])).toEqual([{ name: 'Bea', id: '2' }]);
  });

  it.each([
    ['a row with a field too few', 'id,name,city\n1,Ada,Rome\n2,Bea\n', 'line 3: ends before city'],
    ['a row with a field too many', 'id,name\n1,Ada\n\n2,Bea,Oslo\n', 'line 4: goes on after name'],
    ['a quote that is never closed', 'id,name\n1,Ada\n2,"Bea\n3,Cay\n', 'line 3: a quote is opened'],
    ['a row without its key', 'id,name\n1,Ada\n,Bea\n', 'line 3: id is empty'],
    ['two columns of one name', 'id,name,name\n1,Ada,x\n', 'line 1: two columns are named name'],
    ['nothing at all', '', 'is empty'],
  ])('ends the look at %s, and names the line', async (_, text, message) => {
    const source = await shop.open(shop.write('c.csv', text));
    await expect(scanned(source)).rejects.toThrow(message);
  });

  it('ends the look at a value that is not of its type', async () => {
    const path = shop.write('c.csv', 'id,name,orders\n1,Ada,3\n2,Bea,many\n');
    const source = await shop.open({ path, types: { orders: 'number' } });
    await expect(scanned(source)).rejects.toThrow('line 3: orders is a number');
  });

  it('ends the look at gzip that is cut off', async () => {
    const packed = gzipSync(
      `id,name\n${Array.from({ length: 5000 }, (_, n) => `${n},name ${n}\n`).join('')}`,
    );
    const source = await shop.open(shop.write('c.csv.gz', packed.subarray(0, packed.length - 100)));
    await expect(scanned(source)).rejects.toThrow('its gzip is not whole');
  });
});

describe('JSON Lines', () => {
  it('keeps types, structures and large numbers', async () => {
    const path = shop.write(
      'c.jsonl',
      '{"id":9007199254740993,"name":"A","list":[1,"1234567890123456789"]}\n\n{"id":2,"joined":"2026-02-03"}',
    );
    const source = await shop.open({ path, types: { joined: 'time' } });
    expect(await source.rows(['9007199254740993', '2'])).toEqual([
      { id: '9007199254740993', name: 'A', list: [1, '1234567890123456789'] },
      { id: 2, joined: new Date('2026-02-03T00:00:00Z') },
    ]);
  });

  it('ends the look at a line that is cut off', async () => {
    const source = await shop.open(shop.write('c.jsonl', '{"id":1,"name":"Ada"}\n{"id":2,"na'));
    await expect(scanned(source)).rejects.toThrow('c.jsonl line 2: is not JSON');
  });
});

const columns = (count: number) => [
  { name: 'id', data: Array.from({ length: count }, (_, n) => BigInt(n)), type: 'INT64' as const },
  {
    name: 'name',
    data: Array.from({ length: count }, (_, n) => (n % 2 === 0 ? `name ${n}` : null)),
    type: 'STRING' as const,
    nullable: true,
  },
  {
    name: 'joined',
    data: Array.from({ length: count }, () => new Date('2026-02-03T04:05:06Z')),
    type: 'TIMESTAMP' as const,
  },
];

describe('Parquet', () => {
  it('is read by groups of rows', async () => {
    const bytes = Buffer.from(parquetWriteBuffer({ columnData: columns(2500), rowGroupSize: 1000 }));
    const source = await shop.open(shop.write('c.parquet', bytes));
    expect((await scanned(source)).size).toBe(2500);
    expect(await source.rows(['2499', '0'])).toEqual([
      { id: 2499, name: null, joined: new Date('2026-02-03T04:05:06Z') },
      { id: 0, name: 'name 0', joined: new Date('2026-02-03T04:05:06Z') },
    ]);
  });

  it('ends the look at a file that is cut off', async () => {
    const bytes = Buffer.from(parquetWriteBuffer({ columnData: columns(100) }));
    const source = await shop.open(shop.write('c.parquet', bytes.subarray(0, bytes.length - 50)));
    await expect(scanned(source)).rejects.toThrow('is not whole Parquet');
  });
});

describe('a source of files', () => {
  it('tells a version that changes with the file, and rows of the last whole look', async () => {
    const source = await shop.open(shop.write('c.csv', 'id,name\n1,Ada\n2,Bea\n'));
    const [version, seen] = [await source.version({ of: 'users' }), await scanned(source)];
    expect(await source.version({ of: 'users' })).toBe(version);
    shop.write('next', 'id,name\n1,Ada L.\n2,"B');
    renameSync(shop.path('next'), shop.path('c.csv'));
    expect(await source.version({ of: 'users' })).not.toBe(version);
    await expect(scanned(source)).rejects.toThrow('line 3');
    expect(await source.rows(['1', '2'])).toEqual([
      { id: '1', name: 'Ada' },
      { id: '2', name: 'Bea' },
    ]);
    shop.write('c.csv', 'id,name\n1,Ada L.\n2,Bea\n');
    const now = await scanned(source);
    expect(now.get('1')).not.toBe(seen.get('1'));
    expect(now.get('2')).toBe(seen.get('2'));
    expect(await source.rows(['1'])).toEqual([{ id: '1', name: 'Ada L.' }]);
  });

  it('counts the first of rows that share a key', async () => {
    const source = await shop.open(shop.write('c.csv', 'id,name\n1,Ada\n2,Bea\n1,Cay\n'));
    const alone = await shop.open(shop.write('d.csv', 'id,name\n1,Ada\n2,Bea\n'));
    expect(await scanned(source)).toEqual(await scanned(alone));
    expect(await source.rows(['1'])).toEqual([{ id: '1', name: 'Ada' }]);
  });

  it('leaves no copy behind when it is closed', async () => {
    const source = await shop.open(shop.write('c.csv', 'id,name\n1,Ada\n'));
    await scanned(source);
    expect(readdirSync(shop.path('home')).filter((name) => name.startsWith('copy-'))).toHaveLength(1);
    await source.close();
    expect(readdirSync(shop.path('home'))).toEqual([]);
  });

  it('says in its check which file or column is missing', async () => {
    const source = await shop.open(shop.write('c.csv', 'id,city\n1,Rome\n'), {
      orders: { path: shop.path('no.csv'), key: 'id' },
    });
    const found = (await source.check()).filter(({ state }) => state === 'refused');
    expect(found.map(({ what, detail }) => `${what} ${detail}`)).toEqual([
      expect.stringContaining('source.tables.orders'),
      expect.stringContaining('public.orders is not in the source'),
      expect.stringContaining('users.model gives no column name'),
    ]);
  });
});

it('follows files: new rows, changed rows, triggers once; a half-written file removes nobody', async () => {
  const fake = await FakeDestination.start();
  shop.write('c.csv', 'id,name\n1,Ada\n2,Bea\n');
  shop.write(
    'o.jsonl',
    '{"id":1,"customer_id":1,"status":"shipped"}\n{"id":2,"customer_id":2,"status":"paid"}\n',
  );
  const orders = { path: shop.path('o.jsonl'), key: 'id' };
  const run = new Watching(shop.connector(shop.path('c.csv'), { orders }, {}, fake.url));
  try {
    await eventually('two users', () => fake.users.size === 2);
    await run.told('caught-up');
    shop.write('c.csv', 'id,name\n1,Ada L.\n3,"Ca');
    await run.told('trouble');
    shop.write('c.csv', 'id,name\n1,Ada L.\n2,Bea\n3,Cay\n');
    await eventually('the new user', () => fake.users.has('3'));
    await eventually('the new name', () => fake.users.get('1')?.tags['name'] === 'Ada L.');
    shop.write(
      'o.jsonl',
      '{"id":1,"customer_id":1,"status":"shipped"}\n{"id":2,"customer_id":2,"status":"shipped"}\n',
    );
    await eventually('the event', () => fake.events.size === 1);
    const looks = run.reports.filter((report) => report.kind === 'looked');
    expect(looks.every((report) => report.count.gone === 0)).toBe(true);
  } finally {
    await run.stop();
    await fake.stop();
  }
});
