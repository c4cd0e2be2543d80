import compile from 'mjml';
import { findFault } from './find-fault.ts';
import type { Fault } from './find-fault.ts';
import { markLiquid } from './mark-liquid.ts';
import type { MarkedSource } from './mark-liquid.ts';

/** The HTML of a document, or what is wrong with it. */
export type MjmlResult = { readonly html: string } | Fault;

/**
 * Compiles MJML whose Liquid can be parsed. Strict, and nothing is lost in silence: neither Liquid nor text. Reads no
 * files. Heavy to load and without limits: call it in a process of its own.
 */
export async function compileMjml(source: string): Promise<MjmlResult> {
  const liquid = markLiquid(source);
  const silent = findFault(source, liquid.masked);
  if (silent?.kind === 'broken') return told(silent);
  let html: string;
  try {
    const compiled = await compile(liquid.marked, { validationLevel: 'strict', ignoreIncludes: true });
    html = compiled.html.trim();
  } catch (error) {
    return faultOf(error, liquid);
  }
  if (silent !== null) return told(silent);
  const lost = liquid.marks.find(({ word }) => !html.includes(word));
  if (lost !== undefined) {
    const problem = `${lost.text} would be lost: the HTML has nothing of the place where it stands. Put it into mj-raw, or into a text or link that is shown`;
    return { line: lost.line, problem };
  }
  return { html: liquid.restore(html) };
}

function told({ line, problem }: Fault): Fault {
  return { line, problem };
}

interface ValidationError {
  readonly line: number;
  readonly tagName: string;
  readonly message: string;
}

function faultOf(error: unknown, { restore, lineOf }: MarkedSource): Fault {
  // A text of half a gigabyte, or a stack that overflows.
  if (error instanceof RangeError) return { line: null, problem: 'it grows too large or nests too deep' };
  const { errors = [], message } = error as Error & { readonly errors?: readonly ValidationError[] };
  const [first] = errors;
  if (first === undefined) return { line: 1, problem: restore(message) };
  const others = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  return {
    line: lineOf(first.line),
    problem: `${first.tagName}: ${restore(first.message.trim())}${others}`,
  };
}
