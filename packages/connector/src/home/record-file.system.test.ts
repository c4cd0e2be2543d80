import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { RecordFile, readRecords } from './record-file.ts';

const directory = mkdtempSync(join(tmpdir(), 'carillon-records-'));
afterAll(() => rmSync(directory, { recursive: true }));
let files = 0;
const freshPath = () => join(directory, `${(files += 1)}.log`);

async function reopen(path: string): Promise<string[]> {
  const found: string[] = [];
  const file = await RecordFile.open(path, (record) => found.push(record.toString()));
  await file.append([Buffer.from('after')]);
  await file.close();
  return found;
}

describe('a file of records', () => {
  it('holds what was appended', async () => {
    const path = freshPath();
    const file = await RecordFile.open(path);
    await file.append([Buffer.from('one'), Buffer.from('')]);
    await file.append([Buffer.from('three')]);
    await file.close();
    expect(await reopen(path)).toEqual(['one', '', 'three']);
    expect(readRecords(path, 0, 10).map(({ record }) => record.toString())).toEqual([
      'one',
      '',
      'three',
      'after',
    ]);
  });

  it('has each record wholly or not at all, cut at any byte, and can be appended to again', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 4 }), async (contents) => {
        const path = freshPath();
        const file = await RecordFile.open(path);
        const ends: number[] = [];
        for (const content of contents) {
          await file.append([Buffer.from(content)]);
          ends.push(file.size);
        }
        await file.close();
        const whole = readFileSync(path);
        for (let length = 0; length <= whole.length; length += 1) {
          const cut = freshPath();
          writeFileSync(cut, whole.subarray(0, length));
          const expected = contents.slice(0, ends.filter((end) => end <= length).length);
          const found: Buffer[] = [];
          const opened = await RecordFile.open(cut, (record) => found.push(Buffer.from(record)));
          await opened.append([Buffer.from('after')]);
          await opened.close();
          expect(found.map((record) => [...record])).toEqual(expected.map((content) => [...content]));
          expect(readRecords(cut, 0, 10).at(-1)?.record.toString()).toBe('after');
        }
      }),
      { numRuns: 12 },
    );
  });

  it('cuts off what a crash wrote only in part', async () => {
    const path = freshPath();
    const file = await RecordFile.open(path);
    await file.append([Buffer.from('kept')]);
    await file.close();
    appendFileSync(path, Buffer.from([0, 0, 0, 4, 9, 9, 9, 9, 1, 2, 3, 4]));
    expect(await reopen(path)).toEqual(['kept']);
    expect(await reopen(path)).toEqual(['kept', 'after']);
  });

  it('takes zeros at the end for no record', async () => {
    const path = freshPath();
    const file = await RecordFile.open(path);
    await file.append([Buffer.from('kept')]);
    await file.close();
    appendFileSync(path, Buffer.alloc(64));
    expect(await reopen(path)).toEqual(['kept']);
  });

  it('reads records larger than what it reads at a time', async () => {
    const path = freshPath();
    const file = await RecordFile.open(path);
    const large = 'x'.repeat(600_000);
    await file.append([Buffer.from('small'), Buffer.from(large), Buffer.from('last')]);
    await file.close();
    expect(readRecords(path, 0, 10).map(({ record }) => record.length)).toEqual([5, 600_000, 4]);
  });
});
