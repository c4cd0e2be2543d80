/** Elements whose content nobody reads. */
const HIDDEN = /<(script|style|head|title|template)(?=[\s>])[\s\S]*?(?:<\/\1\s*>|$)|<!--[\s\S]*?(?:-->|$)/gi;
const TAG = /<(\/?)([a-z][\w:-]*)((?:"[^"]*"|'[^']*'|[^'"<>])*)>|<![^>]*>/gi;
const HREF = /(?:^|\s)href\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/i;

const BLOCKS = new Set(
  'address article aside blockquote body center div dl dd dt footer form h1 h2 h3 h4 h5 h6 header main nav ol p pre section table tr ul'.split(
    ' ',
  ),
);
const SPACED = new Set('blockquote h1 h2 h3 h4 h5 h6 ol p pre table ul'.split(' '));

const NAMED: Readonly<Record<string, string>> = {
  nbsp: ' ',
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  copy: '©',
  reg: '®',
  euro: '€',
  hellip: '…',
  ndash: '–',
  mdash: '—',
  rarr: '→',
  middot: '·',
  zwnj: '',
};

/**
 * The plain text of an HTML mail, for its text part: blocks on lines of their own, `- ` before list
 * items, links as `words (address)`. Liquid tags pass through unchanged, so run it once on the
 * template and render the result, not once per recipient.
 */
export function textFromHtml(html: string): string {
  let text = '';
  let at = 0;
  let link: { readonly url: string; readonly from: number } | null = null;
  const source = html.replace(HIDDEN, '');
  for (const tag of source.matchAll(TAG)) {
    text += wordsOf(source.slice(at, tag.index));
    at = tag.index + tag[0].length;
    const name = tag[2]?.toLowerCase() ?? '';
    const closes = tag[1] === '/';
    if (name === 'a' && !closes) {
      link = { url: hrefOf(tag[3] ?? ''), from: text.length };
    } else if (name === 'a' && link !== null) {
      text += targetOf(link.url, text.slice(link.from).trim());
      link = null;
    } else {
      text += breakOf(name, closes);
    }
  }
  text += wordsOf(source.slice(at));
  return tidy(text);
}

function wordsOf(html: string): string {
  return html.replace(/\s+/g, ' ').replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]+));/gi, decodeEntity);
}

function decodeEntity(whole: string, decimal?: string, hex?: string, name?: string): string {
  if (name !== undefined) return NAMED[name.toLowerCase()] ?? whole;
  const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
  return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
}

function hrefOf(attributes: string): string {
  const match = HREF.exec(attributes);
  return wordsOf(match?.[1] ?? match?.[2] ?? match?.[3] ?? '').trim();
}

/** The address behind a link, unless it is an anchor or says nothing new. */
function targetOf(url: string, words: string): string {
  if (url === '' || url.startsWith('#') || words === url || url === `mailto:${words}`) return '';
  return words === '' ? url : ` (${url})`;
}

function breakOf(name: string, closes: boolean): string {
  switch (name) {
    case 'br':
      return '\n';
    case 'hr':
      return '\n---\n';
    case 'li':
      return closes ? '\n' : '\n- ';
    case 'td':
    case 'th':
      return closes ? ' ' : '';
    default:
      if (!BLOCKS.has(name)) return '';
      return SPACED.has(name) ? '\n\n' : '\n';
  }
}

function tidy(text: string): string {
  return text
    .replace(/[ \t\u00a0]+/g, ' ')
    .replace(/ *\n */g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}
