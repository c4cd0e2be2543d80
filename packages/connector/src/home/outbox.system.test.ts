import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { OutboxItem } from '../model/outbox-item.ts';
import { depthOfOutbox } from './look-into-outbox.ts';
import { Outbox } from './outbox.ts';
import type { PlacedItem } from './outbox.ts';
import { sealOf } from './seal.ts';

const START = { segment: 0, offset: 0 };
const parent = mkdtempSync(join(tmpdir(), 'carillon-outbox-'));
const fresh = () => mkdtempSync(join(parent, 'home-'));
afterAll(() => rmSync(parent, { recursive: true }));
const user = (key: string): OutboxItem => ({ kind: 'user', key });
const itemsOf = (placed: readonly PlacedItem[]) => placed.map(({ item }) => item);

describe('the outbox', () => {
  it('shows nobody what waits, and goes on after its key has changed', async () => {
    const directory = fresh();
    const [old, current] = [randomBytes(32), randomBytes(32)];
    const before = await Outbox.open(directory, START);
    await before.append([user('in the clear')]);
    await before.close();
    const first = await Outbox.open(directory, START, sealOf([old]));
    await first.append([user('ann@example.com'), user('bea@example.com')]);
    await first.close();
    const second = await Outbox.open(directory, START, sealOf([current, old]));
    await second.append([user('cyd@example.com')]);
    await second.erase((item) => 'key' in item && item.key === 'bea@example.com');
    const keys = itemsOf(second.after(START, 10)).map((item) => ('key' in item ? item.key : ''));
    expect(keys).toEqual(['in the clear', 'ann@example.com', 'cyd@example.com']);
    expect(depthOfOutbox(directory, START, sealOf([current, old])).items).toBe(3);
    await second.close();
    const files = readdirSync(directory).map((name) => readFileSync(join(directory, name), 'latin1'));
    expect(files.join()).not.toContain('@example.com');
    const locked = await Outbox.open(directory, START, sealOf([current]));
    expect(() => locked.after(START, 10)).toThrow('homeKeys does not name the key');
    await locked.close();
  });

  it('gives items in order, the same ones until they are done', async () => {
    const directory = fresh();
    const outbox = await Outbox.open(directory, START);
    await Promise.all([outbox.append([user('1'), user('2')]), outbox.append([user('3')])]);
    const first = outbox.after(outbox.head, 2);
    expect(itemsOf(first)).toEqual([user('1'), user('2')]);
    expect(outbox.after(outbox.head, 2)).toEqual(first);
    const end = first[1]?.end ?? START;
    expect(itemsOf(outbox.after(first[0]?.end ?? START, 10))).toEqual([user('2'), user('3')]);
    outbox.done(end);
    await outbox.close();

    const later = await Outbox.open(directory, end);
    const rest = later.after(later.head, 10);
    expect(itemsOf(rest)).toEqual([user('3')]);
    expect(later.isEmpty).toBe(false);
    later.done(rest[0]?.end ?? START);
    expect(later.isEmpty).toBe(true);
    expect(later.after(later.head, 10)).toEqual([]);
    await later.close();
  });

  it('keeps what was appended before a torn write, at every byte of it', async () => {
    const directory = fresh();
    const outbox = await Outbox.open(directory, START);
    await outbox.append([user('kept')]);
    const kept = outbox.after(START, 1)[0]?.end.offset ?? 0;
    await outbox.append([user('torn')]);
    await outbox.close();
    const path = join(directory, readdirSync(directory)[0] ?? '');
    for (let size = readFileSync(path).length - 1; size >= kept; size -= 1) {
      // Shorter than what is there cuts, longer fills with zeros: a crash can leave both.
      truncateSync(path, size);
      const opened = await Outbox.open(directory, START);
      expect(itemsOf(opened.after(START, 10))).toEqual([user('kept')]);
      await opened.close();
    }
  });

  it('begins new files as it grows and removes those that are done', async () => {
    const directory = fresh();
    const outbox = await Outbox.open(directory, START);
    const long = user('x'.repeat(1024 * 1024));
    for (let i = 0; i < 20; i += 1) await outbox.append([long]);
    expect(readdirSync(directory)).toHaveLength(3);
    let taken = 0;
    for (let batch = outbox.after(START, 3); batch.length > 0; batch = outbox.after(outbox.head, 3)) {
      taken += batch.length;
      outbox.done(batch.at(-1)?.end ?? START);
    }
    expect(taken).toBe(20);
    expect(readdirSync(directory)).toHaveLength(1);
    expect(outbox.backlog).toBe(0);
    await outbox.close();
  });

  it('wipes out what is to be forgotten and leaves every other item in its place', async () => {
    const directory = fresh();
    const outbox = await Outbox.open(directory, START);
    const long = 'x'.repeat(4 * 1024 * 1024);
    await outbox.append([user('1'), user(`secret ${long}`), user(`2 ${long}`)]);
    await outbox.append([user('secret'), user('3'), user('secret')]);
    await outbox.erase((item) => item.kind === 'user' && item.key.startsWith('secret'));
    await outbox.append([user('4')]);
    const keys: string[] = [];
    for (let [next] = outbox.after(START, 1); next !== undefined; [next] = outbox.after(next.end, 1)) {
      keys.push('key' in next.item ? next.item.key.slice(0, 1) : '');
    }
    expect(keys).toEqual(['1', '2', '3', '4']);
    await outbox.erase(() => true);
    for (const name of readdirSync(directory)) {
      expect(readFileSync(join(directory, name), 'utf8')).not.toContain('secret');
    }
    await outbox.close();
  });

  it('tells from outside how much waits, and since when', async () => {
    const directory = fresh();
    const before = Date.now();
    const outbox = await Outbox.open(directory, START);
    expect(depthOfOutbox(directory, START)).toEqual({ items: 0, bytes: 0, oldestAt: null });
    await outbox.append([user('1'), user('2'), user('3')]);
    const end = outbox.after(START, 1)[0]?.end ?? START;
    const depth = depthOfOutbox(directory, end);
    expect(depth).toMatchObject({ items: 2, bytes: outbox.backlog - end.offset });
    expect(depth.oldestAt).toBeGreaterThanOrEqual(before);
    await outbox.close();
  });
});
