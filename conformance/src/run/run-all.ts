import type { Case } from '../case.ts';
import { cases } from '../cases/cases.ts';
import { gaps } from '../cases/gaps.ts';
import type { Gap } from '../cases/gaps.ts';
import { Device } from '../devices/device.ts';
import { deviceVoices } from '../devices/device-voices.ts';
import { operations } from '../operations/operations.ts';
import type { OperationName } from '../operations/operations.ts';
import type { Stage } from '../stage.ts';
import { Caller } from '../wire/caller.ts';
import { exchange } from '../wire/exchange.ts';
import { serverVoices } from '../wire/voice.ts';
import type { CaseOutcome, GapOutcome, Outcome } from './outcome.ts';

const [firstVoice] = serverVoices;

/** Runs every case one after another, then asks for what is not built. */
export async function runAll(stage: Stage, tell: (outcome: CaseOutcome) => void): Promise<Outcome> {
  const outcomes: CaseOutcome[] = [];
  for (const one of cases) {
    const outcome = await runCase(one, stage);
    tell(outcome);
    outcomes.push(outcome);
  }
  const gapOutcomes: GapOutcome[] = [];
  for (const gap of gaps) gapOutcomes.push(await askFor(gap, stage));
  return { cases: outcomes, gaps: gapOutcomes, unexpected: await findUnexpected(stage) };
}

async function runCase(one: Case, stage: Stage): Promise<CaseOutcome> {
  if (one.needsOrganization && stage.organization === null) return { of: one, state: 'not run' };
  for (const { voice, run } of turnsOf(one, stage)) {
    const outcome = await outcomeOf(one, run);
    if (outcome.state !== 'failed') continue;
    return { ...outcome, reason: voice === null ? outcome.reason : `${voice}: ${outcome.reason}` };
  }
  return { of: one, state: 'passed' };
}

/** The times that a case runs: once for each voice. */
function turnsOf(
  one: Case,
  stage: Stage,
): readonly { readonly voice: string | null; readonly run: () => Promise<void> }[] {
  switch (one.kind) {
    case 'client':
      return [{ voice: null, run: () => one.run(stage) }];
    case 'wire':
      if (!one.inEveryVoice) return [{ voice: null, run: () => one.run(new Caller(stage, firstVoice)) }];
      return serverVoices.map((voice) => ({
        voice: `in the voice of ${voice.name}`,
        run: () => one.run(new Caller(stage, voice)),
      }));
    case 'device':
      return deviceVoices.map((voice) => ({
        voice: `in the voice of ${voice.name}`,
        run: () => one.run({ device: new Device(stage, voice), server: new Caller(stage, firstVoice) }),
      }));
  }
}

async function outcomeOf(one: Case, run: () => Promise<void>): Promise<CaseOutcome> {
  try {
    await run();
    return { of: one, state: 'passed' };
  } catch (error) {
    return { of: one, state: 'failed', reason: error instanceof Error ? error.message : String(error) };
  }
}

async function askFor(gap: Gap, stage: Stage): Promise<GapOutcome> {
  if (gap.needsOrganization && stage.organization === null) return { of: gap, state: 'not run' };
  try {
    const { asked, status, text } = await gap.ask(new Caller(stage, firstVoice));
    if (gap.treatment === (status >= 400 ? 'refused' : 'ignored')) return { of: gap, state: 'as listed' };
    return { of: gap, state: 'otherwise', reason: `${asked} answered ${status} ${text.slice(0, 300)}` };
  } catch (error) {
    return { of: gap, state: 'otherwise', reason: (error as Error).message };
  }
}

async function findUnexpected(stage: Stage): Promise<OperationName[]> {
  const covered = new Set(cases.flatMap((one) => one.operations));
  const found: OperationName[] = [];
  for (const { name, method, path } of operations.filter((operation) => !covered.has(operation.name))) {
    const filled = path.replace('{app_id}', stage.app).replaceAll(/\{\w+\}/g, 'conformance');
    const headers = { Authorization: `Key ${stage.appKey}` };
    const { status, text } = await exchange({ method, url: stage.url + filled, headers });
    const isUnknown = status === 405 || (status === 404 && text.includes('No such route'));
    if (!isUnknown) found.push(name);
  }
  return found;
}
