import type { JourneySimulation } from '@carillon/wire';
import type { CompiledJourney } from '../run/compile-definition.ts';
import type { SimulatedRun, SimulatedSend } from './memory-store.ts';
import type { RealRun, RealSend } from './past-store.ts';
import type { SimulatedPerson } from './simulated-person.ts';
import type { TextWriter } from './text-writer.ts';

/** Runs of one person that are shown. */
const MOST_RUNS = 100;

type Shown = JourneySimulation['people'][number];

export async function presentPerson(
  { known, simulated, past, realSends }: SimulatedPerson,
  { ids }: CompiledJourney,
  texts: TextWriter,
): Promise<Shown> {
  const idOf = (key: number | null) => (key === null ? null : (ids.get(key) ?? null));
  const really = (run: RealRun) => ({
    entered_at: timeOf(run.at),
    sends: realSends
      .filter(({ runId }) => runId === run.runId)
      .map((send: RealSend) => ({
        at: timeOf(send.at),
        node_id: idOf(send.node),
        message_id: send.messageId,
      })),
  });
  const presentSend = async (send: SimulatedSend) => ({
    at: timeOf(send.at),
    node_id: idOf(send.node),
    channel: send.channel,
    template_id: send.template_id,
    subscription_ids: [...send.targets],
    texts: await texts.textsOf(known.userId, send),
  });
  const presentRun = async (run: SimulatedRun): Promise<Shown['runs'][number]> => {
    const real = past.realRuns.find(({ runId }) => runId === run.id);
    const sends: Shown['runs'][number]['sends'] = [];
    for (const send of run.sends) sends.push(await presentSend(send));
    return {
      run_id: run.id,
      run_key: run.runKey,
      entered_at: timeOf(run.enteredAt),
      state: run.node === null ? 'ended' : 'inside',
      waits_at_node_id: idOf(run.node),
      waits_until: run.wakeAt === null ? null : timeOf(run.wakeAt),
      steps: run.steps.map(({ at, node, step, branch, reason }) => {
        return { at: timeOf(at), node_id: idOf(node), step, branch_id: idOf(branch), reason };
      }),
      sends,
      really: real === undefined ? null : really(real),
    };
  };
  const runs: Shown['runs'] = [];
  for (const run of simulated.runs.slice(0, MOST_RUNS)) runs.push(await presentRun(run));
  const simulatedIds = new Set(simulated.runs.map(({ id }) => id));
  return {
    onesignal_id: known.userId,
    external_id: known.externalId,
    runs,
    more_runs: simulated.runs.length - runs.length,
    not_entered: simulated.refusals
      .slice(0, MOST_RUNS)
      .map(({ at, reason, times }) => ({ at: timeOf(at), reason, times })),
    really_only: past.realRuns
      .filter(({ runId }) => !simulatedIds.has(runId))
      .slice(0, MOST_RUNS)
      .map((run) => ({ run_id: run.runId, ...really(run) })),
  };
}

function timeOf(at: number): string {
  return new Date(at).toISOString();
}
