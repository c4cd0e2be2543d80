import { parentPort, workerData } from 'node:worker_threads';
import type { Template } from 'liquidjs';
import { createContext, createLimits, createLiquid, limitReached } from '../../../platform/liquid/index.ts';
import type { RenderLimits } from '../../../platform/liquid/index.ts';
import { splitTemplate } from './email-program.ts';
import { pack, unpack } from './packed-texts.ts';
import type { RenderFailure } from './render-job.ts';
import { PROGRESS } from './thread-messages.ts';
import type { Slice, SliceAnswer, ThreadProgram } from './thread-messages.ts';
import { countOf, scopeOf } from './wanted-values.ts';
import type { WantedValues } from './wanted-values.ts';

/** The thread in which templates run: whatever they do, it ends with this thread. */
interface Compiled {
  /** The parts of each template. */
  readonly templates: readonly (readonly Template[][])[];
  readonly parts: number;
  readonly wanted: WantedValues;
}

const liquid = createLiquid();
const progress = workerData as Int32Array;
const programs = new Map<string, Compiled>();

parentPort?.on('message', (slice: Slice) => {
  const started = performance.now();
  Atomics.store(progress, PROGRESS.recipient, 0);
  Atomics.store(progress, PROGRESS.slice, slice.id);
  for (const key of slice.forget) programs.delete(key);
  if (slice.program !== null) programs.set(slice.key, compile(slice.program));
  const { parts, failed } = renderSlice(slice);
  const answer: SliceAnswer = { id: slice.id, parts, failed, milliseconds: performance.now() - started };
  Atomics.store(progress, PROGRESS.slice, 0);
  parentPort?.postMessage(answer);
});

function compile({ templates, wanted }: ThreadProgram): Compiled {
  const split = templates.map((template) => splitTemplate(liquid, template).parts);
  return { templates: split, parts: split.reduce((sum, parts) => sum + parts.length, 0), wanted };
}

function renderSlice(slice: Slice): Pick<SliceAnswer, 'parts' | 'failed'> {
  const program = programs.get(slice.key);
  if (program === undefined) throw new Error('a slice came without its program');
  const width = countOf(program.wanted);
  const values = unpack(slice.values, width * slice.recipients);
  const parts: string[] = [];
  const failed: [number, RenderFailure][] = [];
  for (let index = 0; index < slice.recipients; index += 1) {
    Atomics.store(progress, PROGRESS.recipient, index);
    const scope = scopeOf(program.wanted, values, index * width, slice.shared);
    const before = parts.length;
    const limits = createLimits();
    try {
      for (const template of program.templates) renderTemplate(template, scope, slice.now, limits, parts);
    } catch (error) {
      failed.push([index, failureOf(error)]);
      parts.length = before;
      for (let part = 0; part < program.parts; part += 1) parts.push('');
    }
  }
  return { parts: pack(parts), failed };
}

/** Adds the rendered parts of a template. A part that fails is empty; running into a limit throws. */
function renderTemplate(
  template: readonly Template[][],
  scope: object,
  now: number,
  limits: RenderLimits,
  parts: string[],
): void {
  // Variables belong to the template, so its parts share a context.
  const context = createContext(liquid, scope, now, limits);
  for (const part of template) {
    try {
      parts.push(String(liquid.renderSync(part, context)));
    } catch (error) {
      if (limitReached(error) !== null) throw error;
      parts.push('');
    }
  }
}

function failureOf(error: unknown): RenderFailure {
  switch (limitReached(error)) {
    case 'time':
      return 'the template took too long to render';
    case 'memory':
      return 'the template took too much memory to render';
    case null:
      return 'the template cannot be rendered';
  }
}
