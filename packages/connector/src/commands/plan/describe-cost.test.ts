import { expect, it } from 'vitest';
import { openDestination } from '../../destination/open-destination.ts';
import { carillon, onesignal } from '../../index.ts';
import { describePlan } from './describe-plan.ts';
import type { Plan } from './run-plan.ts';

const work = {
  newUsers: 10_000_000,
  changedProperties: 0,
  changedSubscriptions: 0,
  removed: 0,
  events: 500,
  messages: 0,
  propertiesPerUser: 5,
};

async function costLine(target: Parameters<typeof openDestination>[0]) {
  const destination = openDestination(target);
  const cost = destination.costOf(work);
  await destination.close();
  const counts = { rows: 0, fresh: 0, changed: 0, unchanged: 0, gone: 0, lookedUp: 0, mostTags: 0 };
  const none = { rejects: [], fresher: [], sample: [], triggers: [], fields: {} };
  const changes = { changedProperties: 0, changedSubscriptions: 0, onDelete: 'ignore' };
  const plan: Plan = { ...counts, ...none, ...changes, cost };
  return describePlan(plan)
    .split('\n')
    .find((line) => line.startsWith('cost'));
}

it('says how many requests a plan takes, and how long at the limits that OneSignal publishes', async () => {
  expect(await costLine(onesignal({ appId: 'a', apiKey: 'k', plan: 'growth' }))).toMatch(
    /^cost {4}10,000,000 user requests at 900\/s · 1 event requests at [\d,]+\/s {3}about 3h 5m$/,
  );
});

it('counts the requests for Carillon, which has no limit of its own', async () => {
  expect(await costLine(carillon({ url: 'http://127.0.0.1:1', appId: 'a', apiKey: 'k' }))).toMatch(
    /^cost {4}5,000 bulk requests · 3 event requests$/,
  );
});
