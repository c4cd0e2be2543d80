import { describe, expect, it } from 'vitest';
import { tagLink } from './tag-link.ts';

const TAGS = 'utm_source=shop&utm_medium=email';

describe('a link with tags', () => {
  it.each([
    ['https://a.example', 'https://a.example?utm_source=shop&utm_medium=email'],
    ['https://a.example/b', 'https://a.example/b?utm_source=shop&utm_medium=email'],
    ['https://a.example/?x=1', 'https://a.example/?x=1&utm_source=shop&utm_medium=email'],
    ['https://a.example/?', 'https://a.example/?utm_source=shop&utm_medium=email'],
    ['https://a.example/?x=1&', 'https://a.example/?x=1&utm_source=shop&utm_medium=email'],
    ['https://a.example/b#top', 'https://a.example/b?utm_source=shop&utm_medium=email#top'],
    ['https://a.example/#/b?x=1', 'https://a.example/?utm_source=shop&utm_medium=email#/b?x=1'],
    ['https://a.example/?q=%20a+b', 'https://a.example/?q=%20a+b&utm_source=shop&utm_medium=email'],
  ])('%s', (url, expected) => {
    expect(tagLink(url, TAGS)).toBe(expected);
  });

  it.each([
    ['https://a.example/?utm_source=news', 'https://a.example/?utm_source=news&utm_medium=email'],
    ['https://a.example/?UTM_Medium=', 'https://a.example/?UTM_Medium=&utm_source=shop'],
    ['https://a.example/?x;utm_medium=y', 'https://a.example/?x;utm_medium=y&utm_source=shop'],
    ['https://a.example/?utm_source&utm_medium=x#y', 'https://a.example/?utm_source&utm_medium=x#y'],
    [
      'https://a.example/?not_utm_source=1',
      'https://a.example/?not_utm_source=1&utm_source=shop&utm_medium=email',
    ],
  ])('keeps what it has: %s', (url, expected) => {
    expect(tagLink(url, TAGS)).toBe(expected);
  });
});
