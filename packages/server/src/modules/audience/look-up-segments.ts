import type { Audience, Condition, Expression } from './condition.ts';
import type { AudienceSources } from './sources.ts';

/** The same audience with what its saved segments mean now; the very same when it names none. */
export async function lookUpSegments(
  audience: Audience,
  appId: string,
  segments: AudienceSources['segments'],
): Promise<Audience> {
  const { include, exclude, only } = audience;
  const ids = [...new Set([...include.flat(), ...exclude.flat(), ...only].flatMap(segmentOf))];
  if (ids.length === 0) return audience;
  const known = await segments(appId, ids);
  const mean = (condition: Condition): Condition =>
    condition.kind === 'segment' ? { kind: 'any', of: known.get(condition.id) ?? [] } : condition;
  const inAll = (expression: Expression) => expression.map((all) => all.map(mean));
  return { ...audience, include: inAll(include), exclude: inAll(exclude), only: only.map(mean) };
}

function segmentOf(condition: Condition): readonly string[] {
  return condition.kind === 'segment' ? [condition.id] : [];
}
