import { randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { FakeClock, createTestDatabase, until } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import { TokenSigner, newMasterKey, parseMasterKeys } from '../crypto/index.ts';
import { newId } from '../ids.ts';
import { installJobs } from '../jobs/install-jobs.ts';
import { createLog } from '../log.ts';
import { claimFile } from './export-file-store.ts';
import { ExportFiles, cancelFile, exportJobs } from './index.ts';
import type { ExportMaker } from './index.ts';

const DAY = 86_400_000;
const clock = new FakeClock();
let test: TestDatabase;
let files: ExportFiles;

beforeAll(async () => {
  test = await createTestDatabase();
  await installJobs(test.url);
  const signer = new TokenSigner(parseMasterKeys(newMasterKey()));
  files = new ExportFiles({ database: test.database, clock, signer, publicUrl: 'https://carillon.test' });
});
afterAll(() => test.drop());
afterEach(() => test.database.run({ name: '', text: 'truncate export_files, export_pieces' }));

const appId = newId();

function ask(subject: object = {}): Promise<string> {
  return files.request({ appId, kind: 'lines', subject: { ...subject } }, () => ({ name: 'lines.csv.gz' }));
}

const tokenOf = (link: string) => new URL(link).pathname.split('/')[2] ?? '';

function run(lines: ExportMaker, stopping = new AbortController().signal, name = 'make-export-files') {
  const log = createLog({ level: 'silent' });
  const jobs = exportJobs({ database: test.database, clock, log, makers: { lines } });
  return jobs.find((job) => job.name === name)?.run(stopping);
}

async function textOf(link: string): Promise<string> {
  return gunzipSync(await buffer(files.read(await files.open(tokenOf(link))))).toString();
}

async function* twoLines() {
  yield 'one\n';
  yield 'two\n';
}

describe('an export file', () => {
  it('is not there until it is made, then for three days', async () => {
    const link = await ask();
    expect(link).toMatch(/^https:\/\/carillon\.test\/exports\/[\w-]{40,}\/lines\.csv\.gz$/);
    await expect(files.open(tokenOf(link))).rejects.toThrow('There is no such file');
    await run(twoLines);
    expect(await textOf(link)).toBe('one\ntwo\n');
    await clock.advance(3 * DAY - 1);
    expect(await textOf(link)).toBe('one\ntwo\n');
    await clock.advance(1);
    await expect(files.open(tokenOf(link))).rejects.toThrow('There is no such file');
    await run(twoLines, undefined, 'forget-export-files');
    const left = await test.database.rows({ name: '', text: 'select from export_files, export_pieces' });
    expect(left).toEqual([]);
  });

  it('has one link while nobody has made it, and another one afterwards', async () => {
    const first = await ask({ of: 'a' });
    expect(await ask({ of: 'a' })).toBe(first);
    expect(await ask({ of: 'b' })).not.toBe(first);
    await run(twoLines);
    expect(await ask({ of: 'a' })).not.toBe(first);
  });

  it('cannot be fetched with a link that was made up or changed', async () => {
    const token = tokenOf(await ask());
    await run(twoLines);
    for (const bad of ['', 'x', token.slice(1), `${token.startsWith('A') ? 'B' : 'A'}${token.slice(1)}`]) {
      await expect(files.open(bad)).rejects.toThrow('There is no such file');
    }
  });

  it('larger than a piece comes out as it went in, and no more of it than a piece is read at a time', async () => {
    const noise = Array.from({ length: 40 }, () => randomBytes(48_000).toString('base64'));
    let given = 0;
    const link = await ask();
    await run(async function* () {
      for (const part of noise) {
        given += 1;
        yield part;
      }
    });
    expect(given).toBe(40);
    expect(await textOf(link)).toBe(noise.join(''));
    const pieces = await test.database.rows<{ size: number }>({
      name: '',
      text: 'select length(bytes) as size from export_pieces',
    });
    expect(pieces.length).toBeGreaterThan(4);
    expect(Math.max(...pieces.map(({ size }) => size))).toBeLessThan(400_000);
  });

  it('that failed, or whose worker stopped, is begun anew and holds nothing of the first attempt', async () => {
    const link = await ask();
    const failing = run(async function* () {
      yield randomBytes(600_000).toString('base64');
      throw new Error('the database is away');
    });
    await expect(failing).rejects.toThrow('the database is away');
    await expect(files.open(tokenOf(link))).rejects.toThrow('There is no such file');

    const stopping = new AbortController();
    await run(async function* () {
      yield randomBytes(600_000).toString('base64');
      stopping.abort();
      yield randomBytes(600_000).toString('base64');
    }, stopping.signal);
    await run(twoLines);
    expect(await textOf(link)).toBe('one\ntwo\n');
  });

  it('of a worker that lost its lease is not spoilt by what it still writes', async () => {
    const link = await ask();
    await run(async function* () {
      yield randomBytes(600_000).toString('base64');
      await test.database.run({ name: '', text: `update export_files set lease_until = '-infinity'` });
      const other = await claimFile(test.database, 60_000);
      expect(other?.attempt).toBe(2);
      yield randomBytes(600_000).toString('base64');
    });
    await expect(files.open(tokenOf(link))).rejects.toThrow('There is no such file');
    await test.database.run({ name: '', text: `update export_files set lease_until = '-infinity'` });
    await run(twoLines);
    expect(await textOf(link)).toBe('one\ntwo\n');
  });

  it('is read from any byte to any other, across its pieces', async () => {
    const noise = Array.from({ length: 20 }, () => randomBytes(48_000).toString('base64'));
    const link = await ask();
    await run(async function* () {
      yield* noise;
    });
    const file = await files.open(tokenOf(link));
    const whole = await buffer(files.read(file));
    expect(whole.length).toBe(file.size);
    const edges = [0, 1, 262_143, 262_144, 400_000, file.size - 1];
    for (const from of edges) {
      for (const to of edges.filter((edge) => edge >= from)) {
        expect((await buffer(files.read(file, { from, to }))).equals(whole.subarray(from, to + 1))).toBe(
          true,
        );
      }
    }
  });

  it('that is cancelled while it is made leaves nothing, and its reading ends', async () => {
    const link = await ask();
    let ended = false;
    await run(async function* () {
      try {
        for (;;) {
          yield randomBytes(600_000).toString('base64');
          const [file] = await test.database.rows<{ id: string }>({
            name: '',
            text: `select id from export_files where state = 'waiting'
              and exists (select from export_pieces where file_id = export_files.id)`,
          });
          if (file !== undefined) await test.database.transaction((open) => cancelFile(open, appId, file.id));
        }
      } finally {
        ended = true;
      }
    });
    await until('its reading has ended', () => ended);
    expect(await test.database.rows({ name: '', text: 'select from export_pieces' })).toEqual([]);
    await expect(files.open(tokenOf(link))).rejects.toThrow('There is no such file');
  });
});
