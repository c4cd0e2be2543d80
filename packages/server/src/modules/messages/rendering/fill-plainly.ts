import { assemble } from './content-program.ts';
import type { ContentProgram } from './content-program.ts';
import { readPlain } from './plain-output.ts';
import type { Renderable, RenderJob, RenderResult, TextsOf } from './render-job.ts';
import { countOf, scopeOf, valuesOf } from './wanted-values.ts';
import type { RecipientFacts } from './wanted-values.ts';

/** Of so few recipients: a large job would hold this thread, and the process takes it off it. */
const FEW = 8;

/** Characters of rendered parts for one recipient: far above what names and numbers come to. */
const LONGEST = 16 * 1024;

/**
 * Fills a content in here and now whose tags all show a value: such a template cannot run away, and to ask the
 * rendering process for one recipient costs more than all the rest of a single send. Null where that process has to
 * say: other tags, many recipients, a value that is no text or number, long ones.
 */
export function fillPlainly<Said extends Renderable>(
  program: ContentProgram,
  job: RenderJob<Said>,
  facts: RecipientFacts,
): RenderResult<Said>[] | null {
  const { plain, wanted } = program;
  const { recipients, shared, content, explain } = job;
  if (plain === null || recipients.length > FEW) return null;
  const width = countOf(wanted);
  const values = valuesOf(wanted, recipients, facts);
  const objects = {
    ...shared,
    ...(content.dynamicContent !== null && { dynamic_content: content.dynamicContent }),
  };
  const results: RenderResult<Said>[] = [];
  for (let index = 0; index < recipients.length; index += 1) {
    const scope = scopeOf(wanted, values, index * width, objects);
    const parts: string[] = [];
    let length = 0;
    for (const output of plain) {
      const text = readPlain(output, scope);
      if (text === undefined) return null;
      length += text.length;
      if (length > LONGEST) return null;
      parts.push(text);
    }
    const texts = assemble(program, parts, 0) as TextsOf<Said>;
    results.push(explain === true ? { ok: true, texts, faults: [] } : { ok: true, texts });
  }
  return results;
}
