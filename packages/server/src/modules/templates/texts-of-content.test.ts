import { describe, expect, it } from 'vitest';
import { contentOfBody } from './content-of-body.ts';
import { textsFor } from './texts-of-content.ts';

describe('what a reader of a language gets', () => {
  const content = contentOfBody(
    {
      contents: { en: 'Hello', de: 'Hallo', pt: 'Olá', 'zh-Hant': '你好' },
      headings: { en: 'News', de: '' },
      url: 'https://example.com',
      data: { en: '{{ never }}' },
    },
    null,
  );
  const said = (language: string | null) => textsFor(content, language).map(({ source }) => source);

  it.each([
    ['de', ['Hallo', 'News', 'https://example.com']],
    ['pt-BR', ['Olá', 'News', 'https://example.com']],
    ['zh-Hant', ['你好', 'News', 'https://example.com']],
    ['fr', ['Hello', 'News', 'https://example.com']],
    [null, ['Hello', 'News', 'https://example.com']],
  ])('%s', (language, expected) => {
    expect(said(language)).toEqual(expected);
  });
});
