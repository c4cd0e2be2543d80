import { describe, expect, it } from 'vitest';
import { FakeClock } from '@carillon/test-kit';
import { newId } from '../../../platform/ids.ts';
import type { AppProvider, Outcome } from '../../channels/index.ts';
import type { Recipient } from '../../identity/index.ts';
import { Circuits } from './circuits.ts';
import { throughProviders } from './through-providers.ts';

const outlet = { appId: 'shop', channel: 'email' } as const;
const SENT: Outcome = { state: 'sent', ref: null };
const BUSY: Outcome = { state: 'retry', reason: '421 busy', afterMs: null };
const LIMITED: Outcome = { state: 'retry', reason: '429', afterMs: 60_000, limited: true };

function provider(name: string, more: Partial<AppProvider<string>> = {}): AppProvider<string> {
  const channel = { capacity: () => 100, deliver: () => Promise.reject(new Error('not asked here')) };
  const account = { key: name, settings: {} };
  return { name, order: 1, weight: 100, quota: null, domainLimits: null, channel, account, ...more };
}

function person(domain = 'example.com'): Recipient {
  const subscriptionId = newId();
  const place = { lane: 1, userId: newId(), subscriptionId };
  return {
    ...place,
    type: 'Email',
    channel: 'email',
    token: `${subscriptionId}@${domain}`,
    reachable: true,
    device: null,
    externalId: null,
    language: null,
    timezoneId: null,
    country: null,
    tags: {},
  };
}

const people = (count: number, domain?: string) => Array.from({ length: count }, () => person(domain));

/** One process: what each provider answers to whom it is asked. */
function process(providers: readonly AppProvider<string>[], answer: (name: string) => Outcome) {
  const [circuits, clock] = [new Circuits(), new FakeClock(0)];
  const asked: string[] = [];
  const hand = (recipients: readonly Recipient[], attempt = 1, isBack = false) =>
    throughProviders(recipients, {
      circuits,
      clock,
      outlet,
      providers,
      attempt: () => attempt,
      isBack: () => isBack,
      send: async ({ name }, some) => {
        asked.push(...some.map(() => name));
        return some.map(() => answer(name));
      },
    });
  return { circuits, clock, asked, hand };
}

describe('what a provider cannot take for the moment', () => {
  const two = [provider('main'), provider('spare', { order: 2 })];

  it('goes to another one that works, soon, and each is tried once', async () => {
    const { hand, asked } = process(two, () => BUSY);
    const [first] = await hand(people(1));
    expect(first).toMatchObject({ state: 'moved', reason: '421 busy' });
    expect(first?.state === 'moved' && first.until).toBeLessThanOrEqual(2_000);
    // Both have been tried: from now on it waits as with one.
    expect(await hand(people(1), 2)).toEqual([BUSY]);
    expect(asked).toEqual(['main', 'spare']);
  });

  it('is held back by one that goes down, and is the other’s', async () => {
    const { hand, asked } = process(two, (name) => (name === 'main' ? BUSY : SENT));
    const fates = await hand(people(20));
    expect(new Set(fates.map(({ state }) => state))).toEqual(new Set(['held']));
    for (const fate of fates) expect(fate.state === 'held' && fate.until).toBeLessThanOrEqual(2_000);
    asked.length = 0;
    expect(await hand(people(3), 1, true)).toEqual([SENT, SENT, SENT]);
    expect(asked).toEqual(['spare', 'spare', 'spare']);
  });

  it('waits as long as it takes where there is no other', async () => {
    const { hand } = process([provider('main')], () => BUSY);
    expect(await hand(people(1))).toEqual([BUSY]);
    const fates = await hand(people(20));
    for (const fate of fates) expect(fate).toMatchObject({ state: 'held', until: 5_000 });
  });

  it('comes back at its own time where the provider only takes so many a second', async () => {
    const { hand } = process(two, (name) => (name === 'main' ? LIMITED : SENT));
    await hand(people(1));
    // Asked to wait a minute: nobody is handed to it, and nobody comes again every second.
    const fates = await hand(people(3));
    for (const fate of fates) {
      expect(fate).toMatchObject({ state: 'held' });
      expect(fate.state === 'held' && fate.until).toBeGreaterThanOrEqual(60_000);
    }
  });
});

it('those of a limited domain wait, and the others get their own answers', async () => {
  const limits = { domainLimits: { 'slow.example': 1 } };
  const { hand, asked } = process([provider('main', limits)], () => SENT);
  const page = [person('slow.example'), person('slow.example'), person(), person('slow.example'), person()];
  const fates = await hand(page);
  expect(fates.map(({ state }) => state)).toEqual(['sent', 'held', 'sent', 'held', 'sent']);
  expect(asked).toHaveLength(3);
  // Who has waited goes.
  expect(await hand(page.slice(0, 2), 1, true)).toEqual([SENT, SENT]);
});

it('what is above the number of a day goes through another one, or waits for the next day', async () => {
  const nextAt = 86_400_000;
  const quota = { take: async (wanted: number) => ({ count: Math.min(wanted, 2), most: 2, nextAt }) };
  const alone = process([provider('main', { quota })], () => SENT);
  const waiting = await alone.hand(people(3));
  expect(waiting.slice(0, 2)).toEqual([SENT, SENT]);
  expect(waiting[2]).toMatchObject({ state: 'held', reason: 'warm-up: the provider has had its 2 of today' });
  expect(waiting[2]?.state === 'held' && waiting[2].until).toBeGreaterThanOrEqual(nextAt);

  const both = process([provider('main', { quota }), provider('spare', { order: 2 })], () => SENT);
  const [, , third] = await both.hand(people(3));
  expect(third?.state === 'held' && third.until).toBeLessThanOrEqual(2_000);
  await both.hand(people(2), 1, true);
  expect(both.asked).toEqual(['main', 'main', 'spare', 'spare']);
});
