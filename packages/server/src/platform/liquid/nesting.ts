const OPENERS = new Set(['if', 'unless', 'for', 'case', 'capture', 'tablerow']);

/** Blocks whose inside is not Liquid. */
const VERBATIM = new Set(['raw', 'comment']);

export interface Nesting {
  readonly depth: number;
  /** Where the deepest block begins: an index into the text. */
  readonly at: number;
}

/** How deep the blocks of a template nest, without parsing it: the parser recurses, and can be made to overflow. */
export function nestingOf(template: string): Nesting {
  let open = 0;
  let verbatim: string | undefined;
  let deepest: Nesting = { depth: 0, at: 0 };
  for (const { 1: name = '', index } of template.matchAll(/\{%-?\s*(\w+)/g)) {
    if (verbatim !== undefined) {
      if (name === `end${verbatim}`) verbatim = undefined;
    } else if (VERBATIM.has(name)) {
      verbatim = name;
    } else if (OPENERS.has(name)) {
      open += 1;
      if (open > deepest.depth) deepest = { depth: open, at: index };
    } else if (name.startsWith('end')) {
      open = Math.max(0, open - 1);
    }
  }
  return deepest;
}
