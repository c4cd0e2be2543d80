import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { homeKeysOf, sealOf, UNSEALED } from './seal.ts';

const [first, second] = [randomBytes(32), randomBytes(32)];
const record = Buffer.from('{"kind":"user","key":"ann@example.com"}');

describe('a seal', () => {
  it('closes with the current key and opens with every one it knows', () => {
    const closed = sealOf([first]).close(record);
    expect(closed.includes('ann')).toBe(false);
    expect(sealOf([second, first]).open(closed)).toEqual(record);
    expect(sealOf([first]).close(record)).not.toEqual(closed);
  });

  it('opens what was written before there was a key, and closes nothing without one', () => {
    expect(UNSEALED.close(record)).toEqual(record);
    expect(sealOf([first]).open(record)).toEqual(record);
  });

  it('names the key that is missing, and refuses what was changed', () => {
    const closed = sealOf([first]).close(record);
    expect(() => sealOf([second]).open(closed)).toThrow('homeKeys does not name the key');
    expect(() => UNSEALED.open(closed)).toThrow(closed.toString('hex', 1, 5));
    for (const at of [6, 20, closed.length - 1]) {
      const changed = Buffer.from(closed);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(() => sealOf([first]).open(changed)).toThrow('authenticate');
    }
  });

  it('reads keys of 32 bytes, the current one first, and nothing else', () => {
    const text = `${first.toString('base64')}, ${second.toString('base64')}`;
    expect(homeKeysOf(text)).toEqual([first, second]);
    expect(homeKeysOf(null)).toEqual([]);
    for (const bad of ['', 'secret', `${first.toString('base64')},`])
      expect(() => homeKeysOf(bad)).toThrow('homeKeys');
  });
});
