import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { digest } from '../model/canonical.ts';
import { lookIntoState } from './look-into-state.ts';
import { RecordFile } from './record-file.ts';
import { BEGINNING, journalName, State } from './state.ts';
import type { Entry } from './sorted-table.ts';

const parent = mkdtempSync(join(tmpdir(), 'carillon-state-'));
const fresh = () => mkdtempSync(join(parent, 'home-'));
afterAll(() => rmSync(parent, { recursive: true }));
const entry = (key: number, value: number): Entry => [digest(`key ${key}`, 32), digest(`value ${value}`, 32)];

describe('the state', () => {
  it('keeps what was committed, however often it merges and is opened again', async () => {
    const commits = fc.array(fc.array(fc.tuple(fc.nat(60), fc.nat(1000)), { maxLength: 30 }), {
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(commits, fc.integer({ min: 1, max: 40 }), async (commits, mergeAfter) => {
        const directory = fresh();
        const model = new Map<string, string>();
        let state = await State.open(directory, mergeAfter);
        for (const [i, commit] of commits.entries()) {
          const entries = commit.map(([key, value]) => entry(key, value));
          await state.commit(entries, { outbox: { segment: 0, offset: i } });
          for (const [key, value] of entries) model.set(key, value);
          if (i % 3 === 0) {
            await state.close();
            state = await State.open(directory, mergeAfter);
          }
        }
        const view = lookIntoState(directory);
        for (let key = 0; key <= 60; key += 1) {
          const [name] = entry(key, 0);
          expect(state.get(name)).toBe(model.get(name) ?? null);
          expect(view.get(name)).toBe(model.get(name) ?? null);
        }
        expect(state.progress.outbox.offset).toBe(Math.max(0, commits.length - 1));
        view.close();
        await state.close();
      }),
      { numRuns: 30 },
    );
  });

  it('has each commit wholly or not at all, cut at any byte', async () => {
    const directory = fresh();
    const state = await State.open(directory);
    await state.commit([entry(1, 1)], { seeded: ['a'] });
    await state.commit([entry(1, 2), entry(2, 2)], { seeded: ['a', 'b'] });
    await state.close();
    const journal = 'journal-0.log';
    const { length } = readFileSync(join(directory, journal));
    const seen = new Set<string>();
    const expected = [
      [null, null],
      [entry(1, 1)[1], null],
      [entry(1, 2)[1], entry(2, 2)[1]],
    ];
    for (let size = 0; size <= length; size += 1) {
      const copy = fresh();
      cpSync(directory, copy, { recursive: true });
      truncateSync(join(copy, journal), size);
      const opened = await State.open(copy);
      const { seeded } = opened.progress;
      const values = [opened.get(entry(1, 0)[0]), opened.get(entry(2, 0)[0])];
      expect(values).toEqual(expected[seeded?.length ?? 0]);
      seen.add(String(seeded?.length));
      await opened.close();
    }
    expect(seen.size).toBe(3);
  });

  it('begins at the beginning, and leaves nothing of old generations', async () => {
    const directory = fresh();
    const state = await State.open(directory, 2);
    expect(state.progress).toEqual({ ...BEGINNING, consents: 'none' });
    for (let i = 0; i < 10; i += 1) await state.commit([entry(i, i)]);
    await state.close();
    expect(readdirSync(directory)).toHaveLength(3);
  });

  it('knows that nothing is kept of consent from its first day on, and only then', async () => {
    const directory = fresh();
    const state = await State.open(directory, 2);
    for (let i = 0; i < 10; i += 1) await state.commit([entry(i, i)]);
    await state.close();
    const again = await State.open(directory, 2);
    expect(again.progress.consents).toBe('none');
    await again.commit([entry(11, 11)], { consents: 'some' });
    for (let i = 0; i < 10; i += 1) await again.commit([entry(i, i)]);
    await again.close();
    expect(lookIntoState(directory).progress.consents).toBe('some');
    const older = fresh();
    const journal = await RecordFile.open(join(older, journalName(0)));
    await journal.append([Buffer.from(JSON.stringify({ acked: [entry(1, 1)] }))]);
    await journal.close();
    const opened = await State.open(older);
    expect(opened.progress.consents).toBe('some');
    await opened.close();
  });
});
