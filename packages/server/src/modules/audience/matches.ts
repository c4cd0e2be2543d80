import { compileCondition, compileExpression } from './compile-condition.ts';
import type { Audience, Expression } from './condition.ts';
import type { Facts } from './facts.ts';

/** What `audienceCondition` asks of the database, asked of one subscription here. `now` in milliseconds. */
export function isInAudience({ include, exclude, only }: Audience, facts: Facts, now: number): boolean {
  return (
    matches(include, facts, now) &&
    !matches(exclude, facts, now) &&
    only.every((condition) => compileCondition(condition).isTrue(facts, now))
  );
}

/** Whether an expression is true of a subscription and its user. Who asks it of many compiles it once. */
export function matches(expression: Expression, facts: Facts, now: number): boolean {
  return compileExpression(expression).isTrue(facts, now);
}
