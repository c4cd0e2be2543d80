/** What is wrong with an MJML document. Lines count from 1; null where no one line is at fault. */
export interface Fault {
  readonly line: number | null;
  readonly problem: string;
}

/** Comments, the XML declaration, a doctype, and the tags of MJML: all between them is text or HTML. */
const PIECES =
  /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!doctype[^>]*>|<(\/?)(mjml|mj-[\w-]+)\b((?:[^<>"']|"[^"]*"|'[^']*')*)>/gi;

/** What shows the text that it encloses, or makes something of it. All others drop it. */
export const TEXT_COMPONENTS: ReadonlySet<string> = new Set([
  'mj-accordion-text',
  'mj-accordion-title',
  'mj-button',
  'mj-html-attribute',
  'mj-navbar-link',
  'mj-preview',
  'mj-raw',
  'mj-social-element',
  'mj-style',
  'mj-table',
  'mj-text',
  'mj-title',
]);

const LONGEST_TOLD = 60;

interface OpenTag {
  readonly name: string;
  readonly at: number;
}

/** What the compiler passes over in silence: tags that are broken, or text that is lost. */
export type Silent = Fault & { readonly kind: 'broken' | 'lost' };

/**
 * Finds tags that do not match and `mj-include`, or else text where none is shown. `masked` is `source` without its Liquid, as long and in as many lines.
 */
export function findFault(source: string, masked: string): Silent | null {
  const open: OpenTag[] = [];
  let inText = 0;
  let at = 0;
  let lost: Silent | null = null;
  const look = (end: number) => {
    if (lost !== null || inText > 0) return;
    const from = at + (/\S/.exec(masked.slice(at, end))?.index ?? end - at);
    if (from === end) return;
    const told = JSON.stringify(source.slice(from, end).trim().slice(0, LONGEST_TOLD));
    const where = open.at(-1)?.name ?? 'a place outside of mjml';
    const problem = `${told} would be lost: ${where} shows no text. Put it into mj-raw, or a component such as mj-text`;
    lost = { kind: 'lost', line: lineAt(masked, from), problem };
  };
  for (const { 0: piece, 1: slash, 2: name, 3: attributes = '', index } of masked.matchAll(PIECES)) {
    look(index);
    at = index + piece.length;
    if (name === undefined) continue;
    if (name === 'mj-include')
      return broken(
        masked,
        index,
        'mj-include is not possible: the server reads no files. Put the text here',
      );
    if (slash === '/') {
      const last = open.pop();
      if (last === undefined) return broken(masked, index, `</${name}> closes nothing`);
      if (last.name !== name) return broken(masked, last.at, `<${last.name}> is not closed`);
      if (TEXT_COMPONENTS.has(name)) inText -= 1;
    } else if (!attributes.endsWith('/')) {
      open.push({ name, at: index });
      if (TEXT_COMPONENTS.has(name)) inText += 1;
    }
  }
  const last = open.at(-1);
  if (last !== undefined) return broken(masked, last.at, `<${last.name}> is not closed`);
  look(masked.length);
  return lost;
}

function broken(text: string, at: number, problem: string): Silent {
  return { kind: 'broken', line: lineAt(text, at), problem };
}

function lineAt(text: string, at: number): number {
  return text.slice(0, at).split('\n').length;
}
