import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { Reject } from '../model/reject.ts';
import { lookIntoRejects, Rejects } from './rejects.ts';

const parent = mkdtempSync(join(tmpdir(), 'carillon-rejects-'));
const fresh = () => mkdtempSync(join(parent, 'home-'));
afterAll(() => rmSync(parent, { recursive: true }));
const bad = (key: string, field = 'email'): Reject => ({ what: 'user', key, field, rule: 'is no address' });
const user = (key: string) => ({ what: 'user' as const, key });

describe('the table of rejects', () => {
  it('holds a complaint once, with when it was met first and last and how often', async () => {
    const directory = fresh();
    const rejects = await Rejects.open(directory);
    await rejects.settle([user('1')], [bad('1')], 1000);
    await rejects.settle([user('1')], [bad('1')], 5000);
    expect(lookIntoRejects(directory)).toEqual([
      { ...bad('1'), firstSeen: 1000, lastSeen: 5000, attempts: 2 },
    ]);
    await rejects.close();
  });

  it('lets go of what is mended, and of one field while another stays bad', async () => {
    const directory = fresh();
    const rejects = await Rejects.open(directory);
    await rejects.settle([user('1'), user('2')], [bad('1'), bad('1', 'phone'), bad('2')], 1);
    await rejects.settle([user('1')], [bad('1', 'phone')], 2);
    expect(lookIntoRejects(directory).map(({ key, field }) => `${key} ${field}`)).toEqual([
      '1 phone',
      '2 email',
    ]);
    await rejects.settle([user('1'), user('2')], [], 3);
    expect(lookIntoRejects(directory)).toEqual([]);
    await rejects.close();
  });

  it('is the same when it is opened again and stays small, whatever came and went', async () => {
    const keys = fc.integer({ min: 1, max: 12 }).map(String);
    const tries = fc.array(fc.record({ tried: fc.uniqueArray(keys), worse: fc.func(fc.boolean()) }), {
      maxLength: 20,
    });
    await fc.assert(
      fc.asyncProperty(tries, async (tries) => {
        const directory = fresh();
        const model = new Map<string, number>();
        let rejects = await Rejects.open(directory);
        for (const [i, { tried, worse }] of tries.entries()) {
          const refused = tried.filter((key) => worse(key));
          await rejects.settle(
            tried.map(user),
            refused.map((key) => bad(key)),
            i,
          );
          for (const key of tried) {
            if (refused.includes(key)) model.set(key, (model.get(key) ?? 0) + 1);
            else model.delete(key);
          }
          if (i % 3 === 0) {
            await rejects.close();
            rejects = await Rejects.open(directory);
          }
        }
        const now = new Map(lookIntoRejects(directory).map(({ key, attempts }) => [key, attempts]));
        expect(now).toEqual(model);
        expect(rejects.size).toBe(model.size);
        await rejects.close();
      }),
      { numRuns: 25 },
    );
  });

  it('is written anew when most of its file says nothing any more', async () => {
    const directory = fresh();
    const rejects = await Rejects.open(directory);
    const keys = Array.from({ length: 300 }, (_, i) => String(i));
    let largest = 0;
    for (let pass = 0; pass < 40; pass += 1) {
      await rejects.settle(
        keys.map(user),
        keys.map((key) => bad(key)),
        pass,
      );
      largest = Math.max(largest, statSync(join(directory, 'rejects.log')).size);
    }
    const one = JSON.stringify(lookIntoRejects(directory)).length;
    expect(largest).toBeLessThan(one * 8);
    expect(lookIntoRejects(directory)).toHaveLength(300);
    expect(lookIntoRejects(directory)[0]).toMatchObject({ attempts: 40, firstSeen: 0, lastSeen: 39 });
    await rejects.close();
  });

  it('keeps what was there before a torn write, at every byte of it', async () => {
    const directory = fresh();
    const rejects = await Rejects.open(directory);
    await rejects.add([bad('kept')], 1);
    const path = join(directory, 'rejects.log');
    const kept = readFileSync(path).length;
    await rejects.add([bad('torn')], 2);
    await rejects.close();
    for (let size = readFileSync(path).length - 1; size >= kept; size -= 1) {
      truncateSync(path, size);
      expect(lookIntoRejects(directory).map(({ key }) => key)).toEqual(['kept']);
    }
    const again = await Rejects.open(directory);
    expect(again.size).toBe(1);
    await again.close();
  });
});
