import { TokenKind, Tokenizer } from 'liquidjs';
import type { Liquid } from 'liquidjs';

/** Where a tag or output of a template stands: indexes into its text, the second one after its last character. */
export interface TagPlace {
  readonly begin: number;
  readonly end: number;
}

/** All that is no plain text in a template that can be parsed, in its order; what `raw` encloses, too. */
export function tagsOf(liquid: Liquid, template: string): TagPlace[] {
  return new Tokenizer(template, liquid.options.operators)
    .readTopLevelTokens(liquid.options)
    .filter(({ kind }) => kind === TokenKind.Tag || kind === TokenKind.Output)
    .map(({ begin, end }) => ({ begin, end }));
}
