import { randomBytes } from 'node:crypto';
import { findBrokenRules } from '@carillon/server';
import type { Scenario } from '../scenario.ts';
import { ApiFleet } from './api-fleet.ts';
import type { Account } from './api-fleet.ts';
import { countStrangers } from './audit-store.ts';
import { judge } from './judge.ts';
import { Meddler } from './meddler.ts';
import type { Call } from './person.ts';
import { Writer } from './writer.ts';

const PROCESSES = 3;
const WRITERS = 16;
const PEOPLE_EACH = 10;
const MEDDLERS = 6;
const HOT = 12;

export const identity: Scenario = {
  about:
    'clients write users, each whole in one request, and meddlers fight for the same names and addresses, while the three processes that answer them are killed again and again; then what was acknowledged is held against what is read, and every row against the others',
  async run(chaos) {
    const kills = chaos.number('kills', 60);
    const every = chaos.number('writes-a-kill', 100);
    const { url, database } = await chaos.database();
    const fleet = new ApiFleet({
      DATABASE_URL: url,
      CARILLON_MASTER_KEY: randomBytes(32).toString('base64'),
      CARILLON_ROLE: 'api',
      CARILLON_PORT: '0',
      CARILLON_LOG_LEVEL: 'error',
      CARILLON_DATABASE_CONNECTIONS: '8',
    });
    chaos.afterwards(() => fleet.end());
    const { appId, appKey } = await fleet.add();
    if (appId === undefined || appKey === undefined) throw new Error('the first process made no app');
    for (let more = 1; more < PROCESSES; more += 1) await fleet.add();

    const call = callsOf(fleet, { appId, appKey });
    const hot = Array.from({ length: HOT }, (_, number) => `hot-${number}`);
    const writers = Array.from(
      { length: WRITERS },
      (_, writer) =>
        new Writer(
          call,
          Array.from({ length: PEOPLE_EACH }, (_, n) => `person-${writer}-${n}`),
        ),
    );
    const meddlers = Array.from({ length: MEDDLERS }, () => new Meddler(call, hot));
    const everybody = [...writers, ...meddlers];
    const started = performance.now();
    const working = Promise.all(everybody.map((one) => one.run()));
    const acknowledged = () => writers.reduce((sum, writer) => sum + writer.acknowledged, 0);
    await Promise.race([fleet.attack(kills, every, acknowledged), working]);
    for (const one of everybody) one.stop();
    await working;
    await Promise.all(writers.map((writer) => writer.lookAtAll()));
    const seconds = (performance.now() - started) / 1_000;

    const histories = writers.flatMap((writer) => writer.histories);
    const verdict = judge({
      kills: fleet.kills,
      histories,
      broken: await findBrokenRules(database, appId),
      surplusUsers: await countStrangers(database, appId, [...hot, ...histories.map(({ person }) => person)]),
    });
    chaos.say(`${fleet.kills} kills and ${acknowledged()} acknowledged writes in ${seconds.toFixed(1)} s`);
    return { ...verdict, figures: { ...verdict.figures, seconds: Number(seconds.toFixed(1)) } };
  },
};

/** Calls some process that lives; one that dies meanwhile gives no answer. */
function callsOf(fleet: ApiFleet, { appId, appKey }: Account): Call {
  const headers = { authorization: `Key ${appKey}`, 'content-type': 'application/json' };
  return async (method, path, body) => {
    const url = `${await fleet.anyone()}/apps/${appId}/${path}`;
    try {
      const answer = await fetch(url, { method, headers, ...(body && { body: JSON.stringify(body) }) });
      return { status: answer.status, body: (await answer.json()) as object };
    } catch {
      return null;
    }
  };
}
