import { LiquidFault } from './parse-liquid.ts';
import { positionOf } from './position.ts';

/** Throws `LiquidFault` where a template that can be parsed has one of these tags. */
export function refuseTags(template: string, tags: readonly string[], problem: string): void {
  let verbatim: string | undefined;
  for (const { 1: name = '', index } of template.matchAll(/\{%-?\s*(\w+)/g)) {
    if (verbatim !== undefined) {
      if (name === `end${verbatim}`) verbatim = undefined;
    } else if (name === 'raw' || name === 'comment') {
      verbatim = name;
    } else if (tags.includes(name)) {
      const { line, column } = positionOf(template, index);
      throw new LiquidFault(`{% ${name} %}: ${problem}`, line, column);
    }
  }
}
