import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { ImportView } from '@carillon/wire';
import { findBrokenRules } from '@carillon/server';
import { ApiFleet } from '../identity/api-fleet.ts';
import type { Chaos, Scenario } from '../scenario.ts';
import { judge } from './judge.ts';
import { fileOf } from './people-file.ts';
import { readState } from './state-store.ts';

const ROWS = 60_000;
const KILLS = 12;
const LOOK_MS = 25;

export const importScenario: Scenario = {
  about:
    'a CSV file with new, repeated, moving and bad rows is imported while the process that works on it is killed at random lines; then users, counts, rejected rows and what an undo knows are held against one undisturbed import of the same file; then it is undone, with as many kills, and everybody has to be accounted for (--rows N, --kills N)',
  async run(chaos) {
    const rows = chaos.number('rows', ROWS);
    const kills = chaos.number('kills', KILLS);
    const { url, database } = await chaos.database();
    const fleet = new ApiFleet({
      DATABASE_URL: url,
      CARILLON_MASTER_KEY: randomBytes(32).toString('base64'),
      CARILLON_SANDBOX: 'false',
      CARILLON_PORT: '0',
      CARILLON_LOG_LEVEL: 'error',
    });
    chaos.afterwards(() => fleet.end());
    const { appId: clean, organizationKey } = await fleet.add();
    if (clean === undefined || organizationKey === undefined) {
      throw new Error('the first process made no app');
    }
    const call = callsOf(fleet, organizationKey);
    const { organization_id: ofClean } = await call<{ organization_id: string }>('GET', `/apps/${clean}`);
    const asked = { name: 'disturbed', organization_id: ofClean };
    const { id: disturbed } = await call<{ id: string }>('POST', '/apps', asked);
    const file = fileOf(rows);
    const begin = async (appId: string) => {
      const { id } = await call<ImportView>('POST', `/apps/${appId}/imports`, file);
      await call('POST', `/apps/${appId}/imports/${id}/start`, {});
      return () => call<ImportView>('GET', `/apps/${appId}/imports/${id}`);
    };

    const cleanView = await begin(clean);
    const undisturbed = await watch(cleanView, 'done', () => Promise.resolve());

    const view = await begin(disturbed);
    const killing = killer(chaos, fleet, kills);
    const survived = await watch(
      view,
      'done',
      killing(rows, ({ counts }) => counts.rows),
    );
    const left = await readState(database, disturbed);
    const broken = await findBrokenRules(database, disturbed);

    const { id } = survived;
    await call('POST', `/apps/${disturbed}/imports/${id}/undo`, {});
    const { users = 0 } = (await view()).undo ?? {};
    const undone = await watch(view, 'undone', killing(users, undoneOf));
    return judge({
      kills: fleet.kills,
      undisturbed: { counts: undisturbed.counts, ...(await readState(database, clean)) },
      survived: { counts: survived.counts, ...left },
      undo: { view: undone.undo, before: left, after: await readState(database, disturbed) },
      broken: [...broken, ...(await findBrokenRules(database, disturbed))],
    });
  },
};

/** How many users an undo is through with. */
function undoneOf({ undo }: ImportView): number {
  return undo === null ? 0 : undo.users_removed + undo.users_restored + undo.users_left;
}

/** Makes what kills at random places of some work, whenever that has come so far. */
function killer(chaos: Chaos, fleet: ApiFleet, kills: number) {
  return (size: number, doneOf: (view: ImportView) => number) => {
    const places = Array.from({ length: kills }, () => Math.random() * size).toSorted((a, b) => a - b);
    const before = fleet.kills;
    return async (view: ImportView) => {
      const next = places[fleet.kills - before];
      if (next === undefined || doneOf(view) < next) return;
      chaos.say(`killed when ${doneOf(view)} of ${size} were ${view.state}`);
      await fleet.attack(fleet.kills + 1, 0, () => 0);
    };
  };
}

/** Looks at an import until it is in a state. */
async function watch(
  view: () => Promise<ImportView>,
  end: 'done' | 'undone',
  onLook: (view: ImportView) => Promise<void>,
): Promise<ImportView> {
  for (;;) {
    const now = await view();
    if (now.state === end) return now;
    if (now.state === 'failed') throw new Error(`the import failed: ${now.fault}`);
    await onLook(now);
    await pause(LOOK_MS);
  }
}

/** Calls whichever process lives, again where one was killed meanwhile. */
function callsOf(fleet: ApiFleet, key: string) {
  return async <Answer>(method: 'GET' | 'POST', path: string, body?: object | string): Promise<Answer> => {
    for (;;) {
      try {
        const answer = await fetch(`${await fleet.anyone()}${path}`, {
          method,
          headers: {
            authorization: `Key ${key}`,
            'content-type': typeof body === 'string' ? 'text/csv' : 'application/json',
          },
          ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
        });
        const text = await answer.text();
        if (answer.status >= 400) throw new Refused(`${method} ${path}: ${answer.status} ${text}`);
        return JSON.parse(text) as Answer;
      } catch (error) {
        if (error instanceof Refused) throw error;
        await pause(LOOK_MS);
      }
    }
  };
}

class Refused extends Error {}
