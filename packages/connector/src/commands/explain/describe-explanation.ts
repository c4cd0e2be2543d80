import { asText } from '../../model/as-text.ts';
import { spanOf } from '../ago.ts';
import type { Explanation, Verdict } from './explain-user.ts';

/** One screen: the verdict first, and below it what it rests on. */
export function describeExplanation(found: Explanation, now: number): string {
  const { row, user, acknowledged, hash } = found;
  return [
    `${found.id}: ${found.verdict}. ${WHY[found.verdict]}`,
    '',
    ...section(
      'row',
      row === null
        ? ['not in users.model']
        : Object.entries(row).map(
            ([column, value]) => `${column} = ${value === null ? 'null' : asText(value)}`,
          ),
    ),
    ...section('mapped', user === null ? ['nothing can be sent'] : describeUser(user)),
    ...section(
      'complaint',
      found.complaints.map(({ field, rule }) => `${field} ${rule}`),
    ),
    ...section('hash', [
      `now ${hash ?? 'none'}`,
      acknowledged === null
        ? 'the target never acknowledged anything'
        : `acknowledged ${acknowledged.hash} ${acknowledged.exact ? '' : 'no later than '}${new Date(acknowledged.at).toISOString()}`,
    ]),
    ...section(
      'waiting',
      found.pending.map(
        (item) =>
          `${item.kind}${'name' in item ? ` ${item.name}` : ''}${item.queuedAt === undefined ? '' : `, queued ${spanOf(now - item.queuedAt)} ago`}`,
      ),
    ),
    ...section(
      'refused',
      found.rejects.map(
        ({ what, field, rule, attempts, firstSeen, lastSeen, request }) =>
          `${what}: ${field} ${rule} (${attempts} times, first ${new Date(firstSeen).toISOString()}, last ${new Date(lastSeen).toISOString()})${request === undefined ? '' : `\n            asked ${request}`}`,
      ),
    ),
  ].join('\n');
}

const WHY: Readonly<Record<Verdict, string>> = {
  'in step': 'The target has acknowledged exactly this.',
  'in step in part': 'The target has acknowledged what can be sent; mend what is refused below.',
  waits: 'It is in the outbox: a run sends it when its turn comes (status tells how much is before it).',
  differs: 'The row has changed since the target acknowledged it, and nothing is queued: run sync, or watch.',
  'never sent': 'It was never acknowledged and nothing is queued: run sync, or watch.',
  refused: 'See what was refused below; mend the row or the mapping, then it is tried again by itself.',
  forgotten: 'forget was asked for this user: nothing is sent for it any more.',
  'no row': 'users.model gives no row with this key or external id.',
};

function describeUser({ externalId, properties, subscriptions }: NonNullable<Explanation['user']>): string[] {
  const { tags, ...others } = properties;
  return [
    `external_id ${externalId}`,
    ...Object.entries(others).map(([name, value]) => `${name} ${JSON.stringify(value)}`),
    ...Object.entries(tags).map(([name, value]) =>
      value === '' ? `tag ${name} is removed` : `tag ${name} = ${value}`,
    ),
    ...subscriptions.map(({ type, token, enabled }) => `${type} ${token}${enabled ? '' : ', off'}`),
  ];
}

function section(name: string, lines: readonly string[]): string[] {
  return lines.map((text, i) => `${(i === 0 ? name : '').padEnd(10)}${text}`);
}
