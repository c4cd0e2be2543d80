/** A step of the story that did not come to what it should have. */
export class StepFailed extends Error {
  constructor(step: string, cause: unknown) {
    super(`${step}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.name = 'StepFailed';
  }
}

const WIDTH = 46;

/**
 * Plays one step and prints what was seen and how long it took. `work` returns what it saw in words
 * and what later steps need.
 *
 * @throws StepFailed, which names the step.
 */
export async function step<Value>(
  name: string,
  work: () => Promise<{ readonly saw: string; readonly value: Value; readonly ms?: number }>,
): Promise<Value> {
  const began = performance.now();
  try {
    const { saw, value, ms = performance.now() - began } = await work();
    console.log(`  ok    ${name.padEnd(WIDTH)} ${`${Math.round(ms)} ms`.padStart(9)}   ${saw}`);
    return value;
  } catch (error) {
    console.log(`  FAIL  ${name}`);
    throw new StepFailed(name, error);
  }
}
