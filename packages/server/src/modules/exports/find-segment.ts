import { segmentsNamed } from '../audience/index.ts';
import type { Expression } from '../audience/index.ts';

/** Who is in the segment of that name; null when the app has none. Names are compared letter by letter. */
export async function findSegment(_appId: string, name: string): Promise<Expression | null> {
  const { any, unknown } = segmentsNamed([name]);
  return unknown.length === 0 ? any : null;
}
