import { describe, expect, it } from 'vitest';
import { isMjml } from './is-mjml.ts';

describe('a body', () => {
  it.each([
    '<mjml></mjml>',
    '\uFEFF \n<mjml lang="en">',
    '<?xml version="1.0"?>\n<!-- <p> -->\n<!-- --> <mjml>',
    '{% assign a = "<p>" %}{{ b }}<mjml/>',
    '<MJML>',
  ])('is MJML: %s', (body) => {
    expect(isMjml(body)).toBe(true);
  });

  it.each([
    '',
    '<p>Hi</p>',
    'mjml',
    '<mjmlx>',
    '<!-- <mjml> -->',
    '<!-- <mjml>',
    '<p><mjml></p>',
    'Write <mjml>',
    '{% raw',
  ])('is not MJML: %s', (body) => {
    expect(isMjml(body)).toBe(false);
  });

  it('that begins with many comments is decided at once', () => {
    expect(isMjml('<!-- -->'.repeat(30_000))).toBe(false);
  });
});
