import fc from 'fast-check';
import { SegmentedMessage } from 'sms-segments-calculator';
import { describe, expect, it } from 'vitest';
import { readGsm, writeGsm } from './gsm-alphabet.ts';
import { cutIntoSegments, segmentsOf } from './segments.ts';

const PLAIN = Array.from('abc XYZ 0123 @£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ!"#¤%&()*+,-./:;<=>?¡ÄÖÑÜ§¿äöñüà\n');
const ESCAPED = Array.from('^{}\\[~]|€');
/** One code point each, and none that joins with its neighbours: the other one cuts by what a reader sees. */
const WIDE = Array.from('яЖ漢’“–🔔🎁');

const gsmText = fc
  .array(fc.constantFrom(...PLAIN, ...ESCAPED, ...ESCAPED), { maxLength: 700 })
  .map((all) => all.join(''));
const anyText = fc
  .array(fc.constantFrom(...PLAIN, ...ESCAPED, ...WIDE), { maxLength: 400 })
  .map((all) => all.join(''));

describe('segments of any text', () => {
  it('are counted as Twilio’s calculator counts them', () => {
    fc.assert(
      fc.property(fc.oneof(gsmText, anyText), (text) => {
        const theirs = new SegmentedMessage(text);
        const ours = segmentsOf(text);
        expect(ours.encoding).toBe(theirs.encodingName);
        expect(ours.segments).toBe(text === '' ? 0 : theirs.segmentsCount);
        const unit = ours.encoding === 'GSM-7' ? 7 : 16;
        expect(ours.units).toBe(theirs.messageSize / unit);
        expect(ours.leftInLast).toBe(Math.floor((theirs.segments.at(-1)?.freeSizeInBits() ?? 0) / unit));
      }),
    );
  });

  it('are as many as it is cut into, and together they are the text', () => {
    fc.assert(
      fc.property(fc.oneof(gsmText, anyText, fc.string({ unit: 'binary', maxLength: 300 })), (text) => {
        const pieces = cutIntoSegments(text);
        expect(pieces.join('')).toBe(text);
        const { segments, encoding } = segmentsOf(text);
        expect(pieces).toHaveLength(Math.max(1, segments));
        if (pieces.length === 1) return;
        for (const piece of pieces) {
          // Six bytes of 140 say which piece it is.
          const bits = encoding === 'GSM-7' ? writeGsm(piece).length * 7 : piece.length * 16;
          expect(bits).toBeLessThanOrEqual(140 * 8 - 6 * 8);
        }
      }),
    );
  });

  it('read as they were written', () => {
    fc.assert(
      fc.property(gsmText, (text) => {
        expect(readGsm(writeGsm(text))).toBe(text);
      }),
    );
  });
});
