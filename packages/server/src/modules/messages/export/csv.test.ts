import { expect, it } from 'vitest';
import { csvLine } from './csv.ts';

it('a line keeps commas, quotes and line breaks of its values, and leaves out what is not there', () => {
  expect(csvLine(['a,b', 'say "no"', 'two\nlines', null, 11, true])).toBe(
    '"a,b","say ""no""","two\nlines",,11,true\r\n',
  );
});
