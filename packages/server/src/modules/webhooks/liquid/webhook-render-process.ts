import type { Template } from 'liquidjs';
import {
  createContext,
  createLimits,
  createLiquid,
  limitReached,
  parseLiquid,
} from '../../../platform/liquid/index.ts';
import { READY } from '../../../platform/process/ready.ts';
import type { RenderedTexts, RenderWork } from './render-work.ts';

/** The process in which the Liquid of webhooks runs: whatever it does, it ends with this process. */

const liquid = createLiquid();
const MOST_TEMPLATES = 1_000;
const LONGEST = 512 * 1_024;
const parsed = new Map<string, Template[]>();

process.on('message', ({ templates, scopes, now }: RenderWork) => {
  process.send?.(scopes.map((scope) => render(templates, scope, now)));
});
process.on('disconnect', () => process.exit());
// These go to all processes of a terminal or a service. Ours decides when it is over.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
process.send?.(READY);

function render(templates: readonly string[], scope: object, now: number): RenderedTexts {
  const limits = createLimits();
  try {
    const texts = templates.map((text) =>
      String(liquid.renderSync(templateOf(text), createContext(liquid, scope, now, limits))),
    );
    const length = texts.reduce((sum, text) => sum + text.length, 0);
    return length > LONGEST ? { ok: false, reason: 'the rendered request is too long' } : { ok: true, texts };
  } catch (error) {
    const limit = limitReached(error);
    if (limit !== null) return { ok: false, reason: `the Liquid took too much ${limit} to render` };
    return { ok: false, reason: `the Liquid cannot be rendered: ${(error as Error).message.slice(0, 200)}` };
  }
}

function templateOf(text: string): Template[] {
  const known = parsed.get(text) ?? parseLiquid(liquid, text);
  if (parsed.size >= MOST_TEMPLATES) parsed.clear();
  parsed.set(text, known);
  return known;
}
