import { ApiError } from '../http/api-error.ts';
import { createLiquid } from './engine.ts';
import { LiquidFault, parseLiquid } from './parse-liquid.ts';

const liquid = createLiquid();

/** Whether there is anything to fill in. */
export function hasLiquid(text: string): boolean {
  return text.includes('{{') || text.includes('{%');
}

/** Throws ApiError `liquid-invalid` with field, line and column. */
export function checkLiquid(field: string, text: string): void {
  try {
    parseLiquid(liquid, text);
  } catch (error) {
    if (!(error instanceof LiquidFault)) throw error;
    const { line, column, message: problem } = error;
    throw new ApiError('liquid-invalid', {
      params: { field, line, column, problem },
      meta: { field, line, column },
    });
  }
}
