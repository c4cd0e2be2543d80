import { TokenKind } from 'liquidjs';
import type { Liquid, Template, TopLevelToken } from 'liquidjs';
import { parseLiquid } from '../../../platform/liquid/index.ts';
import { plainOutput } from './plain-output.ts';
import type { PlainOutput } from './plain-output.ts';

/** A tag with all that it encloses, rendered anew for each recipient. */
export interface Part {
  readonly templates: readonly Template[];
  /** When it is one that needs no interpreter. */
  readonly plain: PlainOutput | null;
}

/**
 * Takes a template apart into text that never changes and the tags between. A template that breaks
 * off in the middle (`break` outside a loop ends it) stays whole.
 */
export function splitTemplate(liquid: Liquid, source: string): { fixed: string[]; parts: Part[] } {
  const templates = parseLiquid(liquid, source);
  if (/\{%-?\s*(break|continue)\b/.test(source))
    return { fixed: ['', ''], parts: [{ templates, plain: null }] };
  // A variable of the template may hide a value that has its name.
  const hasVariables = /\{%-?\s*(assign|capture|increment|decrement)\b/.test(source);
  const fixed = [''];
  const parts: Part[] = [];
  for (const template of templates) {
    const token = template.token as TopLevelToken;
    if ('getContent' in token) {
      fixed[fixed.length - 1] += token.getContent();
      continue;
    }
    const mayBePlain = token.kind === TokenKind.Output && !hasVariables;
    parts.push({ templates: [template], plain: mayBePlain ? plainOutput(token.content) : null });
    fixed.push('');
  }
  return { fixed, parts };
}
