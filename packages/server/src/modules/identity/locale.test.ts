import { expect, test } from 'vitest';
import { parseCountry, parseLanguage, parseTimezone } from './locale.ts';

test.each([
  ['en', 'en'],
  ['EN-us', 'en'],
  ['pt_BR', 'pt'],
  ['zh-Hans', 'zh-Hans'],
  ['zh_hant_TW', 'zh-Hant'],
])('the language %j becomes %j', (given, expected) => {
  expect(parseLanguage(given)).toBe(expected);
});

test.each(['', 'e', 'english', 'xx', '12'])('the language %j is refused', (given) => {
  expect(() => parseLanguage(given)).toThrow(/^properties\.language/);
});

test('a country is two letters that stand for one', () => {
  expect(parseCountry('de')).toBe('DE');
  for (const given of ['XX', 'DEU', '', '1A']) expect(() => parseCountry(given)).toThrow(/ISO 3166/);
});

test('a time zone has an IANA name, not an offset', () => {
  expect(parseTimezone(' Europe/Berlin ')).toBe('Europe/Berlin');
  expect(parseTimezone('UTC')).toBe('UTC');
  for (const given of ['+01:00', 'Mars/Base', '', 'Europe']) {
    expect(() => parseTimezone(given)).toThrow(/IANA time zone/);
  }
});
