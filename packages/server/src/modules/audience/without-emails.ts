import type { Audience, Condition, Expression } from './condition.ts';

/**
 * The same audience without addresses that must not be kept any more; the very same when it names none of them.
 * A filter of such an address is true of nobody from then on, as it is once the address is gone.
 */
export function withoutEmails(audience: Audience, isGone: (email: string) => boolean): Audience {
  let changed = false;
  const forget = (condition: Condition): Condition => {
    if (condition.kind !== 'email' || !isGone(condition.email)) return condition;
    changed = true;
    return { ...condition, email: '' };
  };
  const inAll = (expression: Expression) => expression.map((all) => all.map(forget));
  const { include, exclude, only } = audience;
  const without = { include: inAll(include), exclude: inAll(exclude), only: only.map(forget) };
  return changed ? without : audience;
}
