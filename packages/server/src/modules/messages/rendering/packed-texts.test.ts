import { describe, expect, it } from 'vitest';
import { pack, unpack } from './packed-texts.ts';

describe('packed texts', () => {
  it.each([
    [[]],
    [['']],
    [[null]],
    [['a', '', null, 'ü \u{1f514}', null]],
    [['\u0001', '\u0001a', '\u0001\u0001', null]],
  ])('come out as they went in: %j', (texts) => {
    expect(unpack(pack(texts), texts.length)).toEqual(texts);
  });

  it('keep their number when a text has a NUL in it', () => {
    expect(unpack(pack(['a\u0000b', 'c']), 2)).toEqual(['ab', 'c']);
  });
});
