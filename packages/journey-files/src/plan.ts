import { describeFailure } from '@carillon/client';
import type { Client, Failure, JourneyPatch } from '@carillon/client';
import type { Journey, JourneyInput } from '@carillon/wire';
import { ask } from './ask.ts';
import { differences } from './differences.ts';
import type { Difference } from './differences.ts';
import { FilesInvalid, ServerFailed } from './fault.ts';
import type { Fault } from './fault.ts';
import type { JsonObject } from './json.ts';
import { keepIds } from './keep-ids.ts';
import { readNames } from './names.ts';
import { plainForm } from './plain-form.ts';
import type { JourneyFile } from './read-files.ts';
import { readJourneys } from './read-journeys.ts';
import { resolveNames } from './resolve-names.ts';

/** What has to be done so that the server has what a file says. */
export type Change =
  | { readonly kind: 'none'; readonly file: string; readonly name: string }
  | {
      readonly kind: 'create';
      readonly file: string;
      readonly name: string;
      readonly input: JourneyInput;
      readonly state: JourneyFile['state'];
    }
  | {
      readonly kind: 'update';
      readonly file: string;
      readonly name: string;
      readonly id: string;
      readonly patch: JourneyPatch;
      readonly differences: readonly Difference[];
    };

/** Cleared where a file says nothing of them. */
const CLEARED = {
  description: null,
  early_exit: null,
  reentry_rules: null,
  schedule: null,
  goal: null,
  hold_out_percent: 0,
};

/**
 * Holds files against a server, and asks it whether each change would do; changes nothing. Throws
 * FilesInvalid with everything that is wrong with any of the files, ServerFailed.
 */
export async function planFiles(files: readonly JourneyFile[], client: Client): Promise<readonly Change[]> {
  const faults: Fault[] = [];
  const [names, journeys] = await Promise.all([readNames(client), readJourneys(client)]);
  const planned = files.map((file): { file: JourneyFile; change: Change } => {
    const tell = (path: string, problem: string) => faults.push({ file: file.file, path, problem });
    const body = resolveNames(file.body, names, tell);
    const same = journeys.filter(({ name }) => name === file.name);
    if (same.length > 1)
      tell('name', `is that of ${same.length} journeys of the app: archive or rename the others`);
    return { file, change: changeOf(file, body, same[0]) };
  });
  if (faults.length > 0) throw new FilesInvalid(faults);
  for (const { change } of planned) faults.push(...(await faultsOf(change, client)));
  if (faults.length > 0) throw new FilesInvalid(faults);
  return planned.map(({ change }) => change);
}

function changeOf(
  { file, name, state }: JourneyFile,
  body: JsonObject,
  journey: Journey | undefined,
): Change {
  if (journey === undefined) {
    if (state === 'archived') return { kind: 'none', file, name };
    return { kind: 'create', file, name, input: body as unknown as JourneyInput, state };
  }
  const now = { ...plainForm(journey), state: comparable(journey.state) };
  const wanted = { ...plainForm(body), state: state ?? comparable(journey.state) };
  const found = differences(now, wanted);
  if (found.length === 0) return { kind: 'none', file, name };
  const nodes = keepIds(body['nodes'], journey.nodes);
  const patch = {
    ...CLEARED,
    ...body,
    nodes,
    ...(wanted.state !== now.state && { state: wanted.state }),
    concurrency_key: journey.concurrency_key,
  } as unknown as JourneyPatch;
  return { kind: 'update', file, name, id: journey.id, patch: whole(patch, journey), differences: found };
}

/** A launch under way is as good as active. */
function comparable(state: Journey['state']): string {
  return state === 'processing' ? 'active' : state;
}

/** A patch merges objects: what an object of the server has and the file has not is named as null. */
function whole(patch: JourneyPatch, journey: Journey): JourneyPatch {
  const fill = (to: unknown, from: unknown): unknown => {
    if (!isPlain(to) || !isPlain(from)) return to;
    const gone = Object.keys(from).filter((name) => to[name] === undefined);
    const kept = Object.entries(to).map(([name, value]) => [name, fill(value, from[name])]);
    return Object.fromEntries([...kept, ...gone.map((name) => [name, null])]);
  };
  const filled = ['audience', 'early_exit', 'schedule', 'goal'].map((member) => [
    member,
    fill(patch[member as keyof JourneyPatch], journey[member as keyof Journey]),
  ]);
  return { ...patch, ...(Object.fromEntries(filled) as JourneyPatch) };
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

async function faultsOf(change: Change, client: Client): Promise<readonly Fault[]> {
  const { file } = change;
  switch (change.kind) {
    case 'none':
      return [];
    case 'create': {
      const answer = await client.journeys.validateNew(change.input);
      if (!answer.ok) return [faultOf(file, answer.failure)];
      // A draft may be unfinished.
      const stops = change.state === 'active' || change.state === 'paused';
      return stops
        ? answer.value.errors.map(({ path, problem, fix }) => ({ file, path, problem: `${problem}: ${fix}` }))
        : [];
    }
    case 'update': {
      const answer = await client.journeys.tryUpdate(change.id, change.patch);
      return answer.ok ? [] : [faultOf(file, answer.failure)];
    }
  }
}

/** What the server says of a file; whatever else fails is no fault of it. */
function faultOf(file: string, failure: Failure): Fault {
  if (failure.kind === 'invalid' || failure.kind === 'conflict' || failure.kind === 'not-found') {
    const said = failure.errors.map(({ title }) => title).join('; ');
    return { file, path: '', problem: said === '' ? describeFailure(failure) : said };
  }
  throw new ServerFailed(`the server: ${describeFailure(failure)}`, failure.kind === 'unauthorized');
}

/** Makes the changes of a plan, one after the other. Throws ServerFailed. */
export async function applyChanges(changes: readonly Change[], client: Client): Promise<void> {
  for (const change of changes) {
    if (change.kind === 'create') {
      const { id } = await ask(client.journeys.create(change.input));
      if (change.state === 'active' || change.state === 'paused') {
        await ask(client.journeys.update(id, { state: 'active' }));
      }
      if (change.state === 'paused') await ask(client.journeys.update(id, { state: 'paused' }));
    }
    if (change.kind === 'update') await ask(client.journeys.update(change.id, change.patch));
  }
}
