import { mkdtempSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ask, whatIsAsked } from './asked.ts';
import { compareSeen, START } from './compare-seen.ts';
import { Forgotten } from './forgotten.ts';
import { SeenFiles } from './seen-files.ts';
import { SpoolReader, SpoolWriter } from './spool.ts';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'carillon-torn-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

/** Puts each beginning of `next` beside a file, as a crash leaves it before the file is named. */
function eachBeginning(path: string, next: Buffer, look: () => void): void {
  for (let length = 0; length <= next.length; length += 1) {
    writeFileSync(path, next.subarray(0, length));
    look();
  }
}

describe('a write that a crash has cut off at any byte', () => {
  it('leaves those who were forgotten before', () => {
    Forgotten.open(directory).add('externalId', 'first');
    const path = join(directory, 'forgotten.json');
    const before = readFileSync(path);
    Forgotten.open(directory).add('externalId', 'second');
    const after = readFileSync(path);
    writeFileSync(path, before);
    eachBeginning(`${path}.new`, after, () => {
      const forgotten = Forgotten.open(directory);
      expect(forgotten.has('externalId', 'first')).toBe(true);
      expect(forgotten.has('externalId', 'second')).toBe(false);
    });
    const again = Forgotten.open(directory);
    again.add('externalId', 'second');
    expect(Forgotten.open(directory).size).toBe(2);
  });

  it('leaves what people had asked for before', () => {
    const first = ask(directory, { kind: 'forget', externalId: '1', key: null });
    const second = ask(directory, { kind: 'forget', externalId: '2', key: null });
    const path = join(directory, 'asked', second);
    const text = readFileSync(path);
    rmSync(path);
    eachBeginning(`${path}.new`, text, () => {
      expect(whatIsAsked(directory).map(({ name }) => name)).toEqual([first]);
    });
  });

  it('leaves what the last look has seen, and the next look begins anew', () => {
    const rows = [
      { key: '1', hash: '0'.repeat(16) },
      { key: '2', hash: '1'.repeat(16) },
    ];
    const files = new SeenFiles(directory);
    const seen = files.begin('users');
    seen.writer.add(rows);
    seen.writer.finish();
    const text = readFileSync(files.pathOf(seen.file));
    const torn = files.begin('users');
    torn.writer.abandon();
    eachBeginning(`${files.pathOf(torn.file)}.part`, text, () => {
      const next = new SeenFiles(directory).begin('users');
      next.writer.add(rows);
      expect(next.writer.finish()).toBe(2);
      const found = [...compareSeen(files.pathOf(seen.file), files.pathOf(next.file), START, false)];
      expect(found.flatMap(({ differences }) => differences)).toEqual([]);
      files.keepOnly('users', [seen.file]);
      expect(readdirSync(join(directory, 'seen'))).toEqual([seen.file]);
    });
  });

  it('leaves the events that had been taken down before', async () => {
    const writer = await SpoolWriter.open(directory);
    await writer.append(Buffer.from('kept'));
    const path = join(directory, readdirSync(directory)[0] ?? '');
    const kept = readFileSync(path).length;
    await writer.append(Buffer.from('torn'));
    await writer.close();
    for (let size = readFileSync(path).length - 1; size >= kept; size -= 1) {
      truncateSync(path, size);
      const told = SpoolReader.open(directory).next(10);
      expect(told.records.map(String)).toEqual(['kept']);
    }
    const again = await SpoolWriter.open(directory);
    await again.append(Buffer.from('after'));
    await again.close();
    expect(SpoolReader.open(directory).next(10).records.map(String)).toEqual(['kept', 'after']);
  });
});
