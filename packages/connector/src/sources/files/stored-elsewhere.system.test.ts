import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileServer } from '../../fixtures/file-server.ts';
import { FileShop, scanned } from '../../fixtures/file-shop.ts';
import { isSigned, S3_KEYS } from '../../fixtures/s3-signature.ts';

let shop: FileShop;
let server: FileServer;
beforeEach(async () => {
  shop = new FileShop();
  server = await FileServer.start();
});
afterEach(async () => {
  await shop.close();
  await server.stop();
});

const parquet = () =>
  Buffer.from(
    parquetWriteBuffer({
      columnData: [
        { name: 'id', data: [1, 2, 3], type: 'INT32' },
        { name: 'name', data: ['a', 'b', 'c'], type: 'STRING' },
      ],
    }),
  );

describe('a file behind an address', () => {
  it('is read once while its ETag stays the same', async () => {
    server.put('/c.csv', 'id,name\n1,Ada\n');
    const source = await shop.open(`${server.url}/c.csv?signature=secret`);
    const version = await source.version({ of: 'users' });
    await scanned(source);
    await scanned(source);
    expect(await source.version({ of: 'users' })).toBe(version);
    expect(server.asked.filter((line) => line.startsWith('GET'))).toHaveLength(1);
    server.put('/c.csv', 'id,name\n1,Ada L.\n');
    expect(await source.version({ of: 'users' })).not.toBe(version);
  });

  it('is read at every look where the server tells no version', async () => {
    server.tellsVersions = false;
    server.put('/c.csv', 'id,name\n1,Ada\n');
    const source = await shop.open(`${server.url}/c.csv`);
    expect(await source.version({ of: 'users' })).toBeNull();
    await scanned(source);
    await scanned(source);
    expect(server.asked.filter((line) => line.startsWith('GET'))).toHaveLength(2);
  });

  it('waits out 429 and 503 as long as they ask', async () => {
    server.put('/c.csv', 'id,name\n1,Ada\n');
    server.faults.push({ status: 429, retryAfter: '0' }, { status: 503, retryAfter: '0' });
    const source = await shop.open(`${server.url}/c.csv`);
    expect((await scanned(source)).size).toBe(1);
  });

  it('ends the look where the answer is cut off, without the secret of its address', async () => {
    server.put('/c.csv', `id,name\n${Array.from({ length: 1000 }, (_, n) => `${n},a\n`).join('')}`);
    server.cutAfter = 100;
    const source = await shop.open(`${server.url}/c.csv?signature=secret`);
    const failure = await scanned(source).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'SOURCE_FILE_BROKEN' });
    expect(String(failure)).not.toContain('secret');
  });

  it('sends the headers that let us in, and says who refuses', async () => {
    server.mayRead = ({ headers }) => headers.authorization === 'Bearer letmein';
    server.put('/c.csv', 'id,name\n1,Ada\n');
    const headers = { authorization: 'Bearer letmein' };
    expect((await scanned(await shop.open({ path: `${server.url}/c.csv`, headers }))).size).toBe(1);
    await expect(scanned(await shop.open(`${server.url}/c.csv`))).rejects.toThrow('answers 403');
  });

  it('is asked for ranges only where it is Parquet, and must not change meanwhile', async () => {
    server.put('/c.parquet', parquet());
    const source = await shop.open(`${server.url}/c.parquet`);
    expect((await scanned(source)).size).toBe(3);
    const gets = server.asked.filter((line) => line.startsWith('GET'));
    expect(gets.length).toBeGreaterThan(0);
    expect(gets.every((line) => line.includes('bytes='))).toBe(true);
    server.answersRanges = false;
    server.put('/c.parquet', Buffer.concat([parquet(), parquet()]));
    await expect(scanned(source)).rejects.toThrow('does not answer ranges');
  });
});

describe('S3', () => {
  beforeEach(() => {
    server.mayRead = isSigned;
  });

  it('is read with requests that are signed', async () => {
    server.put('/shop/a folder/customers+1.csv', 'id,name\n1,Ada\n');
    const path = 's3://shop/a folder/customers+1.csv';
    expect((await scanned(await shop.open(path, {}, access()))).size).toBe(1);
    const wrong = await shop.open(path, {}, { ...access(), secretAccessKey: 'another' });
    await expect(scanned(wrong)).rejects.toThrow('answers 403');
  });

  it('gives Parquet by signed ranges', async () => {
    server.put('/shop/c.parquet', parquet());
    expect((await scanned(await shop.open('s3://shop/c.parquet', {}, access()))).size).toBe(3);
  });

  it('lists the objects of a pattern page by page', async () => {
    const keys = ['out/c-1.csv', 'out/c-2.csv', 'out/c-&3.csv', 'out/d.csv'];
    for (const [at, key] of keys.entries()) server.put(`/shop/${key}`, `id,name\n${at},a\n`);
    server.other = (request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? '', server.url);
      if (pathname !== '/shop/') return false;
      const from = Number(searchParams.get('continuation-token')?.split('+')[1] ?? 0);
      const found = keys.filter((key) => key.startsWith(searchParams.get('prefix') ?? ''));
      const more = from + 1 < found.length;
      response.end(
        `<ListBucketResult><IsTruncated>${more}</IsTruncated><Contents><Key>${found[from]?.replace('&', '&amp;')}</Key></Contents>${more ? `<NextContinuationToken>at+${from + 1}</NextContinuationToken>` : ''}</ListBucketResult>`,
      );
      return true;
    };
    const source = await shop.open('s3://shop/out/c-*.csv', {}, access());
    expect([...(await scanned(source)).keys()].toSorted()).toEqual(['0', '1', '2']);
  });
});

function access() {
  return { ...S3_KEYS, endpoint: server.url };
}
