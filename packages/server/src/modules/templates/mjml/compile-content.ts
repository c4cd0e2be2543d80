import type { Content } from '../content.ts';
import { findFaults } from '../check-content.ts';
import { isMjml } from './is-mjml.ts';
import type { MjmlCompiler } from './mjml-compiler.ts';

/** MJML that cannot be compiled: what, and in which line, where one is at fault. */
export class MjmlFault extends Error {
  readonly line: number | null;

  constructor(problem: string, line: number | null) {
    super(problem);
    this.name = 'MjmlFault';
    this.line = line;
  }
}

/** Whether the body of an email is MJML that waits to be compiled. */
export function awaitsCompiling(content: Content): boolean {
  return content.channel === 'email' && content.mjml === null && isMjml(content.body);
}

/**
 * The content with the HTML of its MJML as its body, and the MJML beside it; the very same when its body is no
 * MJML. Its Liquid has been checked. Throws `MjmlFault`.
 */
export async function compileContent(
  content: Content,
  compiler: Pick<MjmlCompiler, 'compile'>,
): Promise<Content> {
  if (content.channel !== 'email' || !awaitsCompiling(content)) return content;
  const result = await compiler.compile(content.body);
  if (!('html' in result)) throw new MjmlFault(result.problem, result.line);
  const compiled = { ...content, mjml: content.body, body: result.html };
  const [fault] = findFaults(compiled);
  if (fault !== undefined) {
    throw new MjmlFault(`the Liquid of the HTML made of it is wrong: ${fault.problem}`, null);
  }
  return compiled;
}
