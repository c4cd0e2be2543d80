import { randomBytes } from 'node:crypto';
import { findBrokenRules } from '@carillon/server';
import type { Scenario } from '../scenario.ts';
import { ApiFleet } from './api-fleet.ts';
import { countStrangers } from './audit-store.ts';
import { judge } from './judge.ts';
import { Meddler } from './meddler.ts';
import { BulkWriter } from './bulk-writer.ts';
import { bulkOf, callsOf } from './call-fleet.ts';
import { look } from './look.ts';
import { Writer } from './writer.ts';
import type { Client } from './writer.ts';

const PROCESSES = 3;
const WRITERS = 16;
const PEOPLE_EACH = 10;
const BULK_WRITERS = 3;
/** People of one bulk request. */
const LINES = 150;
const MEDDLERS = 6;
const HOT = 12;

export const identity: Scenario = {
  about:
    'clients write users, each whole in one request or in one line of a bulk request, and meddlers fight for the same names and addresses, while the three processes that answer them are killed again and again; then what was acknowledged is held against what is read, and every row against the others',
  async run(chaos) {
    const kills = chaos.number('kills', 60);
    const every = chaos.number('writes-a-kill', 300);
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
    const hot = people('hot', HOT);
    const send = bulkOf(fleet, { appId, appKey });
    const writers: Client[] = [
      ...times(WRITERS, (number) => new Writer(call, people(`single-${number}`, PEOPLE_EACH))),
      ...times(BULK_WRITERS, (number) => new BulkWriter(call, send, people(`bulk-${number}`, LINES))),
    ];
    const meddlers = times(MEDDLERS, () => new Meddler(call, hot));
    const everybody = [...writers, ...meddlers];
    const started = performance.now();
    const working = Promise.all(everybody.map((one) => one.run()));
    const acknowledged = () => writers.reduce((sum, writer) => sum + writer.acknowledged, 0);
    await Promise.race([fleet.attack(kills, every, acknowledged), working]);
    for (const one of everybody) one.stop();
    await working;
    for (const notes of writers.flatMap((writer) => writer.histories)) await look(call, notes);
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

function people(name: string, count: number): string[] {
  return times(count, (number) => `${name}-${number}`);
}

function times<Made>(count: number, make: (number: number) => Made): Made[] {
  return Array.from({ length: count }, (_, number) => make(number));
}
