import type { JourneyStats } from '@carillon/wire';
import type { MessageTotal } from '../../messages/index.ts';
import type { Journey, JourneyNode } from '../definition/definition.ts';
import { branchesOf, walkNodes } from '../definition/walk-nodes.ts';
import type { StepName } from '../run/run.ts';
import type { JourneyCount } from './count-store.ts';

const REFUSED = 'not entered: ';
/** Names of steps by which a node is passed. */
const PASSED: readonly StepName[] = [
  'waited',
  'passed',
  'branched',
  'sent',
  'called',
  'tagged',
  'skipped',
  'withheld',
];
/** A tag is passed when it is written; what is waited for behind it is not another time. */
const PASSED_BY_TAG: readonly StepName[] = ['tagged', 'skipped', 'withheld'];

/** Numbers of a journey as the API shows them. Nodes and branches that are gone are left out. */
export function presentStats(
  { id, definition }: Journey,
  counts: readonly JourneyCount[],
  totals: readonly MessageTotal[],
): JourneyStats {
  const byKey = new Map<string, number>();
  const byName = new Map<string, number>();
  for (const { key, name, count } of counts) {
    byKey.set(`${key} ${name}`, count);
    byName.set(name, (byName.get(name) ?? 0) + count);
  }
  const of = (key: number, ...names: readonly (StepName | 'waiting' | 'taken')[]) =>
    names.reduce((sum, name) => sum + (byKey.get(`${key} ${name}`) ?? 0), 0);
  const nodes = [...walkNodes(definition.nodes)];
  return {
    id,
    started: of(0, 'entered'),
    completed: of(0, 'completed'),
    exited_early: byName.get('exited early') ?? 0,
    in_progress: byName.get('waiting') ?? 0,
    stopped: byName.get('stopped') ?? 0,
    held_out: of(0, 'held out'),
    goals: of(0, 'goal'),
    goals_held_out: of(0, 'goal held out'),
    not_entered: Object.fromEntries(
      counts.flatMap(({ name, count }) =>
        name.startsWith(REFUSED) ? [[name.slice(REFUSED.length), count]] : [],
      ),
    ),
    nodes: Object.fromEntries(
      nodes.map((node) => [
        node.id,
        {
          kind: node.kind,
          waiting: of(node.key, 'waiting'),
          completed: of(node.key, ...(node.kind === 'tag' ? PASSED_BY_TAG : PASSED)),
          exited_early: of(node.key, 'exited early'),
          skipped: of(node.key, 'skipped'),
          held_out: of(node.key, 'withheld'),
          ...(sends(node) && { message_stats: { totals: totalsOf(node, totals) } }),
        },
      ]),
    ),
    branches: Object.fromEntries(
      nodes.flatMap(branchesOf).map((branch) => [branch.id, { completed: of(branch.key, 'taken') }]),
    ),
  };
}

function sends({ kind }: JourneyNode): boolean {
  return kind === 'send_push' || kind === 'send_email' || kind === 'send_sms';
}

function totalsOf({ id }: JourneyNode, totals: readonly MessageTotal[]): Record<string, number> {
  return Object.fromEntries(
    totals.flatMap(({ nodeId, name, count }) => (nodeId === id ? [[name, count]] : [])),
  );
}
