import { describe, expect, it } from 'vitest';
import { TokenSigner } from '../../../platform/crypto/index.ts';
import { newId, newTimedId } from '../../../platform/ids.ts';
import { Tracker } from './tracker.ts';

const signer = new TokenSigner({ current: new Uint8Array(32).fill(7), previous: [] });
const tracker = new Tracker({ publicUrl: () => 'https://m.shop.example', signer });
const reference = { messageId: newTimedId(1_790_000_000_000), subscriptionId: newId(), lane: 200 };

const track = (html: string, trackClicks = true, trackOpens = false, linkTags: string | null = null) =>
  tracker.track(reference, { html, trackClicks, trackOpens, linkTags });

/** Tracked links replaced by [their target]. */
function readable(html: string): string {
  return html.replace(
    /https:\/\/m\.shop\.example\/t\/c\/([\w-]+)/g,
    (_, token: string) => `[${tracker.readClick(token)?.url}]`,
  );
}

describe('rewriting of links', () => {
  it.each([
    ['<a href="https://a.example/">x</a>', '<a href="[https://a.example/]">x</a>'],
    [
      "<A class='b' HREF = 'http://a.example/?x=1&amp;y=2'>x</A>",
      "<A class='b' HREF = '[http://a.example/?x=1&y=2]'>x</A>",
    ],
    ['<a target=_blank href=https://a.example/b>x</a>', '<a target=_blank href=[https://a.example/b]>x</a>'],
    [
      '<a title="a > b" href="https://a.example/">x</a>',
      '<a title="a > b" href="[https://a.example/]">x</a>',
    ],
    ['<a\n  href="\n https://a.example/ "\n>x</a>', '<a\n  href="[https://a.example/]"\n>x</a>'],
    ['<area shape="rect" href="https://a.example/"/>', '<area shape="rect" href="[https://a.example/]"/>'],
    [
      '<!--[if mso]><v:roundrect href="https://a.example/"><![endif]-->',
      '<!--[if mso]><v:roundrect href="[https://a.example/]"><![endif]-->',
    ],
    ['<a/href="https://a.example/">', '<a/href="[https://a.example/]">'],
    ['<a " href="https://a.example/">', '<a " href="[https://a.example/]">'],
  ])('%s', (html, expected) => {
    expect(readable(track(html))).toBe(expected);
  });

  it.each([
    '<a href="mailto:x@a.example">x</a>',
    '<a href="tel:+49301234">x</a>',
    '<a href="#top">x</a>',
    '<a href="/relative">x</a>',
    '<a href="[unsubscribe_url]">x</a>',
    '<a href="https://m.shop.example/unsubscribe/abc">x</a>',
    '<a href="https://">x</a>',
    '<a name="x">x</a>',
    '<abbr href="https://a.example/">x</abbr>',
    '<link href="https://a.example/s.css">',
    '<img src="https://a.example/i.png">',
    '<a href="https://a.example/>never closed',
    '<a',
    '',
  ])('leaves %s alone', (html) => {
    expect(track(html)).toBe(html);
  });

  it('leaves links alone when clicks are not counted', () => {
    const html = '<a href="https://a.example/">x</a>';
    expect(track(html, false)).toBe(html);
  });

  it('takes time in proportion to the length, also for text made to be slow', () => {
    for (const part of ['<a ', '<a x="', "<a x='y", '<a href=', '<a href']) {
      const html = part.repeat(100_000);
      expect(track(html)).toBe(html);
    }
  });
});

describe('tagging of links', () => {
  const TAGS = 'utm_source=shop&utm_medium=email';

  it('goes through click tracking to the target', () => {
    expect(readable(track('<a href="https://a.example/?x=1&amp;y=2#top">x</a>', true, false, TAGS))).toBe(
      '<a href="[https://a.example/?x=1&y=2&utm_source=shop&utm_medium=email#top]">x</a>',
    );
  });

  it.each([
    [
      '<a href="https://a.example/">x</a>',
      '<a href="https://a.example/?utm_source=shop&amp;utm_medium=email">x</a>',
    ],
    [
      "<a title='1 &amp; 2' href='https://a.example/?q=&quot;a&quot;&amp;b'>x</a>",
      "<a title='1 &amp; 2' href='https://a.example/?q=&quot;a&quot;&amp;b&amp;utm_source=shop&amp;utm_medium=email'>x</a>",
    ],
    [
      '<a href=https://a.example/b>x</a>',
      '<a href=https://a.example/b?utm_source=shop&amp;utm_medium=email>x</a>',
    ],
  ])('needs no click tracking: %s', (html, expected) => {
    expect(track(html, false, false, TAGS)).toBe(expected);
  });

  it.each([
    '<a href="mailto:x@a.example">x</a>',
    '<a href="#top">x</a>',
    '<a href="https://m.shop.example/t/u/abc">Unsubscribe</a>',
    '<a href="[unsubscribe_url]">x</a>',
    '<a href="https://a.example/?utm_source=a&amp;utm_medium=b">x</a>',
    '<img src="https://a.example/i.png">',
  ])('leaves %s alone', (html) => {
    expect(track(html, false, false, TAGS)).toBe(html);
  });

  it('reaches the links of the plain text', () => {
    const text = 'order (https://a.example/o?x=1) (not a link) no more (https://m.shop.example/t/u/abc)';
    expect(tracker.tagText(text, TAGS)).toBe(
      'order (https://a.example/o?x=1&utm_source=shop&utm_medium=email) (not a link) no more (https://m.shop.example/t/u/abc)',
    );
    expect(tracker.tagText(text, null)).toBe(text);
  });

  it('of one mail is not that of another with other tags', () => {
    const html = '<a href="https://a.example/same">x</a>';
    for (const tags of ['utm_source=one', 'utm_source=two', null]) {
      for (const trackClicks of [true, false]) {
        const expected = `https://a.example/same${tags === null ? '' : `?${tags}`}`;
        expect(readable(track(html, trackClicks, false, tags))).toBe(
          `<a href="${trackClicks ? `[${expected}]` : expected}">x</a>`,
        );
      }
    }
  });
});

describe('the pixel', () => {
  it('stands at the end of the body and names the delivery', () => {
    const html = track('<body><p>x</p></body>', false, true);
    const token = /\/t\/o\/([\w-]+)" width="1" height="1"[^>]*><\/body>$/.exec(html)?.[1] ?? '';
    expect(tracker.readOpen(token)).toEqual(reference);
  });

  it('is added at the end where there is no body', () => {
    expect(track('<p>x</p>', false, true)).toMatch(/^<p>x<\/p><img src="https:\/\/m\.shop\.example\/t\/o\//);
  });
});

describe('a token', () => {
  const token = /\/t\/c\/([\w-]+)/.exec(track('<a href="https://a.example/ü?q=1">x</a>'))?.[1] ?? '';

  it('carries the delivery and the target', () => {
    expect(tracker.readClick(token)).toEqual({ reference, url: 'https://a.example/ü?q=1' });
  });

  it('is worth nothing when any character was changed', () => {
    for (let at = 0; at < token.length; at += 1) {
      const changed = token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1);
      expect(tracker.readClick(changed)).toBeNull();
    }
  });

  it('is worth nothing for another purpose', () => {
    expect(tracker.readOpen(token)).toBeNull();
  });
});
