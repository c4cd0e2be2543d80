import type { Context, Template } from 'liquidjs';
import {
  createContext,
  createLimits,
  createLiquid,
  faultOf,
  limitReached,
} from '../../../platform/liquid/index.ts';
import type { RenderLimits } from '../../../platform/liquid/index.ts';
import { READY } from '../../../platform/process/ready.ts';
import { pack, unpack } from './packed-texts.ts';
import { readPlain } from './plain-output.ts';
import type { RenderFailure } from './render-job.ts';
import type { PartFault, RenderProgram, Slice, SliceAnswer } from './process-messages.ts';
import { splitTemplate } from './split-template.ts';
import type { Part } from './split-template.ts';
import { countOf, scopeOf } from './wanted-values.ts';
import type { WantedValues } from './wanted-values.ts';

/** The process in which templates run: whatever they do, it ends with this process. */
interface Compiled {
  /** The parts of each template. */
  readonly templates: readonly (readonly Part[])[];
  readonly parts: number;
  readonly wanted: WantedValues;
}

/** Characters that templates may add to what never changes, for one recipient. Mail providers cut off far below. */
const LONGEST = 512 * 1024;

const liquid = createLiquid();
const programs = new Map<string, Compiled>();

process.on('message', (slice: Slice) => {
  const started = performance.now();
  for (const key of slice.forget) programs.delete(key);
  if (slice.program !== null) programs.set(slice.key, compile(slice.program));
  const answer: SliceAnswer = {
    id: slice.id,
    ...renderSlice(slice),
    milliseconds: performance.now() - started,
  };
  process.send?.(answer);
});
process.on('disconnect', () => process.exit());
// These go to all processes of a terminal or a service. Ours decides when it is over.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
process.send?.(READY);

function compile({ templates, wanted }: RenderProgram): Compiled {
  const split = templates.map((template) => splitTemplate(liquid, template).parts);
  return { templates: split, parts: split.reduce((sum, parts) => sum + parts.length, 0), wanted };
}

function renderSlice(slice: Slice): Pick<SliceAnswer, 'parts' | 'failed' | 'faults'> {
  const program = programs.get(slice.key);
  if (program === undefined) throw new Error('a slice came without its program');
  const width = countOf(program.wanted);
  const values = unpack(slice.values, width * slice.recipients);
  const parts: string[] = [];
  const failed: [number, RenderFailure][] = [];
  const faults: PartFault[] = [];
  for (let index = 0; index < slice.recipients; index += 1) {
    const scope = scopeOf(program.wanted, values, index * width, slice.shared);
    const place = { scope, now: slice.now, limits: createLimits() };
    const before = parts.length;
    try {
      for (let at = 0; at < program.templates.length; at += 1) {
        const told = slice.explain ? { faults, recipient: index, template: at } : null;
        renderTemplate(program.templates[at] ?? [], place, parts, told);
      }
      refuseLongest(parts, before);
    } catch (error) {
      failed.push([index, failureOf(error)]);
      parts.length = before;
      for (let part = 0; part < program.parts; part += 1) parts.push('');
    }
  }
  return { parts: pack(parts), failed, faults };
}

/** What a template sees, the time it is, and what it may use. */
interface Place {
  readonly scope: object;
  readonly now: number;
  readonly limits: RenderLimits;
}

/** Where a fault is told, and whose it is. */
interface Told {
  readonly faults: PartFault[];
  readonly recipient: number;
  readonly template: number;
}

function tell({ faults, recipient, template }: Told, error: unknown): void {
  const { line, column, message: problem } = faultOf(error);
  faults.push({ recipient, template, line, column, problem });
}

/** Adds the rendered parts of a template. A part that fails is empty; running into a limit throws. */
function renderTemplate(
  template: readonly Part[],
  { scope, now, limits }: Place,
  rendered: string[],
  told: Told | null,
): void {
  // Variables belong to the template, so its parts share a context; plain ones do without.
  let context: Context | undefined;
  for (const { templates, plain } of template) {
    const text = plain === null ? undefined : readPlain(plain, scope);
    rendered.push(
      text ?? renderPart(templates, (context ??= createContext(liquid, scope, now, limits)), told),
    );
  }
}

function renderPart(templates: readonly Template[], context: Context, told: Told | null): string {
  try {
    return String(liquid.renderSync(templates as Template[], context));
  } catch (error) {
    if (limitReached(error) !== null) throw error;
    if (told !== null) tell(told, error);
    return '';
  }
}

/** A length costs nothing to ask, even of text that is not yet put together. */
function refuseLongest(parts: readonly string[], from: number): void {
  let length = 0;
  for (let index = from; index < parts.length; index += 1) length += parts[index]?.length ?? 0;
  if (length > LONGEST) throw new RangeError('the rendered parts are too long');
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
