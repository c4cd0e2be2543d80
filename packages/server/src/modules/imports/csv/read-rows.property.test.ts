import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readRows } from './read-rows.ts';
import type { Row } from './row.ts';

const value = fc.oneof(
  fc.constantFrom('', 'a', 'é"ü', 'a,b', 'two\nlines', 'x'.repeat(9_000), '"', ' "q" '),
  fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\r', '').replaceAll('\u0000', '')),
);
const quoted = (text: string) => (/[",\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(bytes: Buffer, size: number, place = { position: 0, line: 0 }) {
  const rows: Row[] = [];
  const places = [place];
  for await (const batch of readRows(inPieces(bytes.subarray(place.position), size), {
    delimiter: ',',
    place,
    rows: 3,
  })) {
    rows.push(...batch.rows);
    places.push({ position: batch.position, line: batch.line });
  }
  return { rows, places };
}

test('rows are what was written, on their lines, wherever the pieces end and whereever reading begins again', async () => {
  const table = fc.array(fc.tuple(fc.constant('row'), value, value), { minLength: 1, maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(
      table,
      fc.constantFrom('\n', '\r\n'),
      fc.boolean(),
      fc.integer({ min: 1, max: 20_000 }),
      fc.nat(),
      async (written, newline, isEnded, size, where) => {
        const lines = written.map((fields) => fields.map(quoted).join(','));
        const bytes = Buffer.from(lines.join(newline) + (isEnded ? newline : ''));
        let line = 1;
        const expected = written.map((fields) => {
          const row = { line, fields };
          line += 1 + fields.join('').split('\n').length - 1;
          return row;
        });
        const { rows, places } = await read(bytes, size);
        expect(rows).toEqual(expected);
        const place = places[where % places.length];
        const rest = await read(bytes, size, place);
        expect(rest.rows).toEqual(expected.filter((row) => row.line > (place?.line ?? 0)));
      },
    ),
    { numRuns: 150 },
  );
});

test('a line that is no UTF-8, or has a quote in the wrong place, is told, and the others are read', async () => {
  const bytes = Buffer.concat([
    Buffer.from('a,é\n'),
    Buffer.from([0x62, 0xff, 0x2c, 0x63, 0x0a]),
    Buffer.from('"c"x,d\n\ne,"f\n,g\nh,i\n'),
  ]);
  const { rows } = await read(bytes, 1_000);
  expect(rows).toEqual([
    { line: 1, fields: ['a', 'é'] },
    { line: 2, fault: 'is not UTF-8' },
    { line: 3, fault: expect.stringContaining('quote in the wrong place') as string },
    { line: 5, fault: 'has a quote that is not closed' },
    { line: 6, fields: ['', 'g'] },
    { line: 7, fields: ['h', 'i'] },
  ]);
});
