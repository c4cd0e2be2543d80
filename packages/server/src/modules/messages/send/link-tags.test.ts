import { describe, expect, it } from 'vitest';
import { linkTagsOf } from './link-tags.ts';

describe('the tags of links', () => {
  it('have one order, and are written as addresses want them', () => {
    expect(linkTagsOf({ campaign: 'Tea & more/50%', source: 'Größe' })).toBe(
      'utm_source=Gr%C3%B6%C3%9Fe&utm_campaign=Tea%20%26%20more%2F50%25',
    );
  });

  it('are not there when nothing is set, or what is set is taken away', () => {
    expect(linkTagsOf({})).toBeNull();
    expect(linkTagsOf({ source: null, medium: null })).toBeNull();
  });
});
