/** What may stand before the root element: its beginnings, each with its end. */
const BEFORE_ROOT = [
  ['<!--', '-->'],
  ['<?', '?>'],
  ['{%', '%}'],
  ['{{', '}}'],
] as const;

/**
 * Whether a body is MJML: its first element is `<mjml>`. Liquid before it does not hide that, so that such a
 * body is not sent as it is. Walked by hand: a pattern for this takes forever on some texts.
 */
export function isMjml(body: string): boolean {
  let at = 0;
  for (;;) {
    while (at < body.length && /\s/.test(body.charAt(at))) at += 1;
    const skipped = BEFORE_ROOT.find(([begin]) => body.startsWith(begin, at));
    if (skipped === undefined) return /^<mjml[\s/>]/i.test(body.slice(at, at + 6));
    const [begin, end] = skipped;
    const found = body.indexOf(end, at + begin.length);
    if (found === -1) return false;
    at = found + end.length;
  }
}
