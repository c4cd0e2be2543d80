import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isStorable } from '../../platform/http/storable-text.ts';
import { RESERVED_TAG_KEYS, mergeTags, parseTags } from './tag.ts';

const key = fc.stringMatching(/^[a-z0-9_-]{1,12}$/).filter((text) => !RESERVED_TAG_KEYS.has(text));
const value = fc.oneof(
  fc.string({ maxLength: 20 }).filter(isStorable),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
);
const tags = fc.dictionary(key, value, { maxKeys: 10 });

test('saying the same again changes nothing', () => {
  fc.assert(
    fc.property(tags, tags, (before, request) => {
      const changes = parseTags(request);
      const once = mergeTags(mergeTags({}, parseTags(before)), changes);
      expect(mergeTags(once, changes)).toEqual(once);
    }),
  );
});

test('two requests one after the other are the same as their union, the later one winning', () => {
  fc.assert(
    fc.property(tags, tags, tags, (before, first, second) => {
      const start = mergeTags({}, parseTags(before));
      const apart = mergeTags(mergeTags(start, parseTags(first)), parseTags(second));
      expect(apart).toEqual(mergeTags(start, parseTags({ ...first, ...second })));
    }),
  );
});

test('what is kept is text and never empty', () => {
  fc.assert(
    fc.property(tags, (request) => {
      for (const text of Object.values(parseTags(request).set)) {
        expect(typeof text).toBe('string');
        expect(text).not.toBe('');
      }
    }),
  );
});

test('reserved keys are refused, and can still be removed', () => {
  for (const reserved of RESERVED_TAG_KEYS) {
    expect(() => parseTags({ [reserved]: 'x' })).toThrow(`properties.tags.${reserved} is reserved`);
    expect(parseTags({ [reserved]: '' }).remove).toEqual([reserved]);
  }
});
