import { ParseError, TokenizationError } from 'liquidjs';
import type { Liquid, Template } from 'liquidjs';
import { nestingOf } from './nesting.ts';
import { positionOf } from './position.ts';

/** Of a template. */
export const LARGEST_BYTES = 256 * 1024;
const DEEPEST = 50;

/** A template that is wrong: what, and where. Line and column count from 1. */
export class LiquidFault extends Error {
  readonly line: number;
  readonly column: number;

  constructor(problem: string, line: number, column: number, cause?: unknown) {
    super(problem, { cause });
    this.name = 'LiquidFault';
    this.line = line;
    this.column = column;
  }
}

/** Parses a template; its size and depth are looked at first. Throws `LiquidFault`. */
export function parseLiquid(liquid: Liquid, template: string): Template[] {
  if (template.length > LARGEST_BYTES || Buffer.byteLength(template) > LARGEST_BYTES)
    throw new LiquidFault(`is larger than ${LARGEST_BYTES / 1024} KB`, 1, 1);
  const { depth, at } = nestingOf(template);
  if (depth > DEEPEST) throw faultAt(template, at, `blocks nest deeper than ${DEEPEST}`);
  try {
    return liquid.parse(template);
  } catch (error) {
    if (error instanceof ParseError || error instanceof TokenizationError) {
      const [line = 1, column = 1] = error.token.getPosition();
      // The message of the error itself repeats the position.
      throw new LiquidFault(
        error.originalError?.message ?? error.message.replace(/, line:\d+.*$/, ''),
        line,
        column,
        error,
      );
    }
    throw new LiquidFault((error as Error).message, 1, 1, error);
  }
}

function faultAt(template: string, at: number, problem: string): LiquidFault {
  const { line, column } = positionOf(template, at);
  return new LiquidFault(problem, line, column);
}
