import type { JourneySimulation } from '@carillon/wire';
import type { JourneyNode } from '../definition/definition.ts';
import { branchesOf, walkNodes } from '../definition/walk-nodes.ts';
import type { CompiledJourney } from '../run/compile-definition.ts';
import type { Tally } from './tally.ts';

type Totals = NonNullable<JourneySimulation['totals']>;

export function presentTotals(tally: Tally, { definition }: CompiledJourney): Totals {
  const days = [...new Set([...tally.sendsOfDay.names, ...tally.realSendsOfDay.names])].toSorted();
  return {
    users: tally.users,
    entered: tally.entered,
    held_out: tally.heldOut,
    not_entered: tally.notEntered.toRecord(),
    completed: tally.completed,
    exited_early: tally.exitedEarly.toRecord(),
    inside: tally.inside,
    goals: tally.goals,
    goals_held_out: tally.goalsHeldOut,
    nodes: [...walkNodes(definition.nodes)].map((node) => presentNode(tally, node)),
    sends_per_day: days.map((day) => {
      return { day, simulated: tally.sendsOfDay.of(day), really: tally.realSendsOfDay.of(day) };
    }),
    really: { entered: tally.realRuns, both: tally.bothRan, sends: sum(tally.realSends.toRecord()) },
  };
}

function presentNode(tally: Tally, node: JourneyNode): Totals['nodes'][number] {
  const { id, key, kind } = node;
  const start = `${key} `;
  const steps = Object.entries(tally.steps.toRecord())
    .filter(([name]) => name.startsWith(start))
    .map(([name, count]) => [name.slice(start.length), count] as const);
  const name = String(key);
  return {
    node_id: id,
    kind,
    steps: Object.fromEntries(steps),
    waiting: tally.waiting.of(name),
    branches: branchesOf(node).map((branch) => {
      return { branch_id: branch.id, taken: tally.taken.of(String(branch.key)) };
    }),
    sends:
      kind === 'send_push' || kind === 'send_email' || kind === 'send_sms'
        ? { simulated: tally.sends.of(name), really: tally.realSends.of(name), both: tally.bothSend.of(name) }
        : null,
  };
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}
