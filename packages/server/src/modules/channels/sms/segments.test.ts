import { describe, expect, it } from 'vitest';
import { cutIntoSegments, segmentsOf } from './segments.ts';

describe('the segments of a text', () => {
  it.each([
    ['an empty text', '', 'GSM-7', 0, 0, 160],
    ['160 characters', 'a'.repeat(160), 'GSM-7', 1, 160, 0],
    ['161 characters', 'a'.repeat(161), 'GSM-7', 2, 161, 145],
    ['306 characters', 'a'.repeat(306), 'GSM-7', 2, 306, 0],
    ['80 euro signs', '€'.repeat(80), 'GSM-7', 1, 160, 0],
    ['81 euro signs, which are not cut', '€'.repeat(81), 'GSM-7', 2, 162, 153 - 10],
    ['umlauts of the alphabet', 'Grüße', 'GSM-7', 1, 5, 155],
    ['70 letters of another script', 'я'.repeat(70), 'UCS-2', 1, 70, 0],
    ['71 letters of another script', 'я'.repeat(71), 'UCS-2', 2, 71, 63],
    ['one typographic quote', 'It’s here', 'UCS-2', 1, 9, 61],
    ['35 emoji', '🔔'.repeat(35), 'UCS-2', 1, 70, 0],
    ['36 emoji, which are not cut', '🔔'.repeat(36), 'UCS-2', 2, 72, 67 - 6],
  ] as const)('%s', (_name, text, encoding, segments, units, leftInLast) => {
    expect(segmentsOf(text)).toEqual({ encoding, segments, units, leftInLast });
  });

  it('cuts before what does not fit whole', () => {
    expect(cutIntoSegments(`${'a'.repeat(152)}€${'b'.repeat(10)}`)).toEqual([
      'a'.repeat(152),
      `€${'b'.repeat(10)}`,
    ]);
    expect(cutIntoSegments(`${'я'.repeat(66)}🔔${'b'.repeat(10)}`)).toEqual([
      'я'.repeat(66),
      `🔔${'b'.repeat(10)}`,
    ]);
  });

  it('leaves a text that fits in one piece', () => {
    expect(cutIntoSegments('')).toEqual(['']);
    expect(cutIntoSegments('a'.repeat(160))).toEqual(['a'.repeat(160)]);
  });
});
