/**
 * Elements whose `href` a person can follow; `v:` are the buttons that Outlook draws. Links inside
 * conditional comments are meant for Outlook too, so comments are not skipped.
 */
const OPENING = /<(?:a|area|v:[a-z]+)(?=[\s/])/gi;
const ATTRIBUTE = /[\s/]*([^\s=>/"']*)\s*(=?)\s*/y;
const UNQUOTED_END = /[\s>]|$/g;

interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * Replaces the targets of all links: `replace` gets the attribute as it is written (see `decodeEntities`)
 * and returns the new one, which must need no escaping, or null to leave it. One
 * pass that never goes back, so its cost grows with the length of the text and nothing else.
 */
export function rewriteLinks(html: string, replace: (url: string) => string | null): string {
  const opening = new RegExp(OPENING);
  let copied = 0;
  let result = '';
  while (opening.test(html)) {
    const { span, end } = findHref(html, opening.lastIndex);
    opening.lastIndex = end;
    if (span === null) continue;
    const replacement = replace(html.slice(span.start, span.end));
    if (replacement === null) continue;
    result += html.slice(copied, span.start) + replacement;
    copied = span.end;
  }
  return copied === 0 ? html : result + html.slice(copied);
}

/**
 * The value of `href` in the tag whose attributes begin at `from`, and where to go on: behind what
 * has been read. Going on anywhere before that would read a text of unclosed tags again and again.
 */
function findHref(html: string, from: number): { readonly span: Span | null; readonly end: number } {
  let at = from;
  for (;;) {
    ATTRIBUTE.lastIndex = at;
    const match = ATTRIBUTE.exec(html);
    const name = match?.[1] ?? '';
    at = ATTRIBUTE.lastIndex;
    if (match?.[2] === '=') {
      const span = valueAt(html, at);
      if (span === null) return { span, end: html.length };
      if (name.toLowerCase() === 'href') return { span, end: span.end };
      at = span.end + (html[span.end] === '>' ? 0 : 1);
    } else if (name === '') {
      if (at >= html.length || html[at] === '>') return { span: null, end: at };
      // A stray quote: it belongs to nothing.
      at += 1;
    }
  }
}

/** Null when a quote is never closed: no browser would see a link there. */
function valueAt(html: string, at: number): Span | null {
  const quote = html[at];
  if (quote === '"' || quote === "'") {
    const end = html.indexOf(quote, at + 1);
    return end === -1 ? null : { start: at + 1, end };
  }
  UNQUOTED_END.lastIndex = at;
  return { start: at, end: UNQUOTED_END.exec(html)?.index ?? html.length };
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', quot: '"', apos: "'", lt: '<', gt: '>' };
const ENTITY = /&(?:#(\d{1,7})|#x([\da-f]{1,6})|(amp|quot|apos|lt|gt));/gi;

/** What an attribute means: `&amp;` is `&`. */
export function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(ENTITY, (whole, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return NAMED[name.toLowerCase()] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '"': '&quot;',
  "'": '&#39;',
  '<': '&lt;',
  '>': '&gt;',
};

/** An address as an attribute may have it, between quotes of either kind or none. */
export function encodeEntities(url: string): string {
  return url.replace(/[&"'<>]/g, (letter) => ESCAPES[letter] ?? letter).replace(/\s/g, encodeURIComponent);
}
