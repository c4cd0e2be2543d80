import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { OutboxItem } from '../model/outbox-item.ts';
import { depthOfOutbox } from './look-into-outbox.ts';
import { Outbox } from './outbox.ts';

const START = { segment: 0, offset: 0 };
const parent = mkdtempSync(join(tmpdir(), 'carillon-outbox-'));
const fresh = () => mkdtempSync(join(parent, 'home-'));
afterAll(() => rmSync(parent, { recursive: true }));
const user = (key: string): OutboxItem => ({ kind: 'user', key });

describe('the outbox', () => {
  it('gives items in order, the same ones until they are done', async () => {
    const directory = fresh();
    const outbox = await Outbox.open(directory, START);
    await Promise.all([outbox.append([user('1'), user('2')]), outbox.append([user('3')])]);
    const first = outbox.next(2);
    expect(first.items).toEqual([user('1'), user('2')]);
    expect(outbox.next(2)).toEqual(first);
    outbox.done(first.end);
    await outbox.close();

    const later = await Outbox.open(directory, first.end);
    const rest = later.next(10);
    expect(rest.items).toEqual([user('3')]);
    expect(later.isEmpty).toBe(false);
    later.done(rest.end);
    expect(later.isEmpty).toBe(true);
    expect(later.next(10).items).toEqual([]);
    await later.close();
  });

  it('keeps what was appended before a torn write, at every byte of it', async () => {
    const directory = fresh();
    const outbox = await Outbox.open(directory, START);
    await outbox.append([user('kept')]);
    const kept = outbox.next(1).end.offset;
    await outbox.append([user('torn')]);
    await outbox.close();
    const path = join(directory, readdirSync(directory)[0] ?? '');
    for (let size = readFileSync(path).length - 1; size >= kept; size -= 1) {
      // Shorter than what is there cuts, longer fills with zeros: a crash can leave both.
      truncateSync(path, size);
      const opened = await Outbox.open(directory, START);
      expect(opened.next(10).items).toEqual([user('kept')]);
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
    for (let batch = outbox.next(3); batch.items.length > 0; batch = outbox.next(3)) {
      taken += batch.items.length;
      outbox.done(batch.end);
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
    for (let batch = outbox.next(1); batch.items.length > 0; batch = outbox.next(1)) {
      keys.push(...batch.items.map((item) => (item.kind === 'user' ? item.key.slice(0, 1) : '')));
      outbox.done(batch.end);
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
    const { end } = outbox.next(1);
    const depth = depthOfOutbox(directory, end);
    expect(depth).toMatchObject({ items: 2, bytes: outbox.backlog - end.offset });
    expect(depth.oldestAt).toBeGreaterThanOrEqual(before);
    await outbox.close();
  });
});
