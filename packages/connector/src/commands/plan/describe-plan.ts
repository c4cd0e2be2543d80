import type { MappedUser } from '../../model/map-user.ts';
import { countOf, spanOf } from '../ago.ts';
import type { FieldChange } from './compare-with-target.ts';
import type { Plan } from './run-plan.ts';

/** A plan for people: counts first, then what they are made of. */
export function describePlan(plan: Plan): string {
  const { rows, fresh, changed, unchanged, gone, onDelete, fields, lookedUp, rejects } = plan;
  const removal = gone === 0 ? '' : `  -${countOf(gone)} left (${onDelete})`;
  const byField = Object.entries(fields).toSorted(([, a], [, b]) => b - a);
  const of = lookedUp < changed ? ` (of ${countOf(lookedUp)} looked up at the target)` : '';
  return [
    `users   ${countOf(rows)} rows in model   ${countOf(fresh + changed)} change   +${countOf(fresh)} new  ~${countOf(changed)} changed${removal}  ${countOf(unchanged)} as acknowledged`,
    ...(byField.length === 0
      ? []
      : [
          `        fields  ${byField.map(([field, count]) => `${field} ${countOf(count)}`).join(' · ')}${of}`,
        ]),
    ...plan.sample.map(
      ({ externalId, changes }) => `        ${externalId}   ${changes.map(describeChange).join('   ')}`,
    ),
    ...plan.fresher.map((user) => `        + ${describeUser(user)}`),
    ...rejects.map(
      ({ field, rule, count, example }) =>
        `        rejects ${countOf(count)}   ${field} ${rule}   -> carillon-connect explain ${example}`,
    ),
    ...plan.triggers.map(
      ({ what, name, due, history }) =>
        `${`${what}s`.padEnd(8)}${name}  ${countOf(due)} since the last run${history === 0 ? '' : `; ${countOf(history)} rows are history and stay silent`}`,
    ),
    ...describeCost(plan.cost),
    'nothing was sent',
  ].join('\n');
}

function describeChange({ field, before, after }: FieldChange): string {
  return `${field} ${quoted(before)} -> ${quoted(after)}`;
}

function quoted(text: string | null): string {
  return text === null ? 'nothing' : JSON.stringify(text);
}

function describeUser({ externalId, properties, subscriptions }: MappedUser): string {
  const { tags, ...others } = properties;
  const words = [
    ...Object.entries({ ...others, ...tags }).flatMap(([name, value]) =>
      value === '' ? [] : [`${name} ${JSON.stringify(value)}`],
    ),
    ...subscriptions.map(
      ({ type, token, enabled }) => `${type.toLowerCase()} ${token}${enabled ? '' : ' (off)'}`,
    ),
  ];
  return `${externalId}   ${words.join('   ')}`;
}

function describeCost({ lines, seconds }: Plan['cost']): string[] {
  if (lines.length === 0) return [];
  const parts = lines.map(({ what, requests, perSecond }) => {
    const limit = perSecond === null ? '' : ` at ${countOf(perSecond)}/s`;
    return `${countOf(requests)} ${what}${limit}`;
  });
  const all = seconds === 0 ? '' : `   about ${spanOf(Math.max(1000, seconds * 1000))}`;
  return [`cost    ${parts.join(' · ')}${all}`];
}
