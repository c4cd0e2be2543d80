import { RenderError } from 'liquidjs';
import { LiquidFault } from './parse-liquid.ts';

/** What went wrong while a template was rendered, and where in it. */
export function faultOf(error: unknown): LiquidFault {
  if (!(error instanceof RenderError)) return new LiquidFault((error as Error).message, 1, 1, error);
  const [line = 1, column = 1] = error.token.getPosition();
  return new LiquidFault(error.originalError?.message ?? error.message, line, column, error);
}
