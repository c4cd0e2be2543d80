/**
 * Asks again and again until the answer is not false or undefined, and returns it. Throws after
 * `withinMs`, naming what was waited for: the limit is for a broken system, not a measurement.
 */
export async function until<Answer>(
  what: string,
  ask: () => Promise<Answer | false | undefined> | Answer | false | undefined,
  withinMs = 30_000,
): Promise<Answer> {
  const end = Date.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (answer !== false && answer !== undefined) return answer;
    if (Date.now() > end) throw new Error(`waited ${withinMs} ms in vain until ${what}`);
    await new Promise((resolve) => void setTimeout(resolve, 10));
  }
}
