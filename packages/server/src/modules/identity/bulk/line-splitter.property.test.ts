import { isUtf8 } from 'node:buffer';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LineSplitter } from './line-splitter.ts';
import type { Line } from './line-splitter.ts';

/** What comes out of `body` when it arrives in pieces that end at the given places. */
function split(body: Buffer, cuts: readonly number[], options: { from: number; longest: number }): Line[] {
  const splitter = new LineSplitter(options);
  const places = [0, ...cuts.map((cut) => cut % (body.length + 1)), body.length].toSorted((a, b) => a - b);
  const lines = places.slice(1).flatMap((place, n) => splitter.push(body.subarray(places[n], place)));
  return [...lines, ...splitter.end()];
}

const text = fc.string({ unit: 'grapheme', maxLength: 12 }).map((line) => line.replaceAll(/[\r\n]/g, ''));

test('lines are the same wherever the pieces end', () => {
  fc.assert(
    fc.property(
      fc.array(text),
      fc.constantFrom('\n', '\r\n'),
      fc.boolean(),
      fc.array(fc.nat()),
      fc.integer({ min: 1, max: 4 }),
      (texts, newline, ended, cuts, from) => {
        const body = Buffer.from(texts.join(newline) + (ended ? newline : ''));
        const expected = texts
          .map((text, n) => ({
            kind: 'text',
            number: n + 1,
            text: n === 0 ? text.replace(/^\ufeff/, '') : text,
          }))
          .filter(({ number, text }) => number >= from && text.trim() !== '');
        expect(split(body, cuts, { from, longest: 1_000 })).toEqual(expected);
      },
    ),
  );
});

test('a line that is not UTF-8 is told as such, however it is cut, and costs no other', () => {
  const broken = fc
    .uint8Array({ minLength: 1, maxLength: 20 })
    .map((bytes) => Buffer.from(bytes.filter((byte) => byte !== 0x0a && byte !== 0x0d)))
    .filter((bytes) => bytes.length > 0 && !isUtf8(bytes));
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          broken,
          text.map((line) => Buffer.from(line)),
        ),
      ),
      fc.array(fc.nat()),
      (all, cuts) => {
        const body = Buffer.concat(all.flatMap((line) => [line, Buffer.from('\r\n')]));
        const numbers = (is: (line: Buffer) => boolean) =>
          all.flatMap((line, n) => (is(line) ? [n + 1] : []));
        const lines = split(body, cuts, { from: 1, longest: 1_000 });
        const of = (kind: Line['kind']) => lines.flatMap((line) => (line.kind === kind ? [line.number] : []));
        expect(of('not-utf8')).toEqual(numbers((line) => !isUtf8(line)));
        expect(of('text')).toEqual(
          numbers(
            (line) =>
              isUtf8(line) &&
              line
                .toString()
                .replace(/^\ufeff/, '')
                .trim() !== '',
          ),
        );
      },
    ),
  );
});

test('bytes give the same lines in any pieces, whatever they are', () => {
  const byte = fc.oneof(
    fc.constantFrom(0x0a, 0x0d, 0x20, 0x61, 0xc3, 0xab, 0xef, 0xbb, 0xbf),
    fc.integer({ min: 0, max: 255 }),
  );
  fc.assert(
    fc.property(
      fc.array(byte, { maxLength: 60 }),
      fc.array(fc.nat()),
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 20 }),
      (bytes, cuts, from, longest) => {
        const body = Buffer.from(bytes);
        expect(split(body, cuts, { from, longest })).toEqual(split(body, [], { from, longest }));
      },
    ),
  );
});

test('a line that is too long is told once, however it is cut, and costs no other', () => {
  fc.assert(
    fc.property(fc.integer({ min: 11, max: 500 }), fc.array(fc.nat()), (length, cuts) => {
      const body = Buffer.from(`first\n${'x'.repeat(length)}\nlast`);
      expect(split(body, cuts, { from: 1, longest: 10 })).toEqual([
        { kind: 'text', number: 1, text: 'first' },
        { kind: 'too-long', number: 2 },
        { kind: 'text', number: 3, text: 'last' },
      ]);
    }),
  );
});
