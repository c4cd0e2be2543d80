import { describe, expect, it } from 'vitest';
import { splitProperties } from './split-properties.ts';

const tags = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`t${i}`, 'x']));

describe('properties of a user in requests', () => {
  it('are one part up to a hundred, and the language counts', () => {
    expect(splitProperties({ tags: tags(99), language: 'en' }, 100)).toEqual([
      { tags: tags(99), language: 'en' },
    ]);
    const [first, second, ...more] = splitProperties({ tags: tags(100), language: 'en' }, 100);
    expect(Object.keys(first?.tags ?? {})).toHaveLength(99);
    expect(second).toEqual({ tags: { t99: 'x' } });
    expect(more).toEqual([]);
  });

  it('are one part when there are none', () => {
    expect(splitProperties({ tags: {} }, 100)).toEqual([{ tags: {} }]);
  });
});
