import { describe, expect, it } from 'vitest';
import { judge } from './judge.ts';
import type { Evidence } from './judge.ts';

const anna = { messageId: 'm', subscriptionId: 'anna' };
const sent = { ...anna, state: 'sent', reason: null, attempts: 1, token: 'anna@example.com' };
const arrived = (times: number, ...addresses: string[]) =>
  new Map([['m anna', { times, addresses: new Set(addresses.length > 0 ? addresses : [sent.token]) }]]);

/** One message to one person, sent once, and nobody was killed. */
const good: Evidence = {
  channel: 'email',
  killed: new Set(),
  onceAtMost: null,
  doubts: [],
  targets: [anna],
  ledger: [sent],
  arrivals: arrived(1),
  told: [{ message_id: 'm', subscription_id: 'anna', kind: 'message.email.sent' }],
  views: new Map([['m', { successful: 1, failed: 0, errored: 0, remaining: 0 }]]),
  left: 0,
  strangers: 0,
};

describe('the judge of sends', () => {
  it('finds nothing where nothing is wrong', () => {
    expect(judge(good)).toMatchObject({
      broken: [],
      figures: { lost: 0, duplicated: 0, unaccounted: 0, doubled_in_doubt: 0, arrived: 1 },
    });
  });

  it('counts what never arrived as lost', () => {
    expect(judge({ ...good, arrivals: new Map() }).figures.lost).toBe(1);
  });

  it('excuses one double for each kill at which the delivery was in doubt', () => {
    const doubt = { ...anna, owner: 'dead' };
    const killed = new Set(['dead']);
    const twice = judge({ ...good, arrivals: arrived(2), killed, doubts: [doubt] });
    expect(twice).toMatchObject({ broken: [], figures: { duplicated: 0, doubled_in_doubt: 1 } });
    const thrice = judge({ ...good, arrivals: arrived(3), killed, doubts: [doubt] });
    expect(thrice.figures).toMatchObject({ duplicated: 1, doubled_in_doubt: 1 });
  });

  it('excuses no double of a message that may come once at most, and lets what a sender died over be unknown', () => {
    const doubt = { ...anna, owner: 'dead' };
    const asked = { killed: new Set(['dead']), doubts: [doubt], onceAtMost: 'm' };
    expect(judge({ ...good, ...asked, arrivals: arrived(2) }).figures.duplicated).toBe(1);
    const unknown: Partial<Evidence> = {
      ledger: [{ ...sent, state: 'unknown', reason: 'died' }],
      told: [{ message_id: 'm', subscription_id: 'anna', kind: 'message.email.unknown' }],
      views: new Map([['m', { successful: 0, failed: 0, errored: 1, remaining: 0 }]]),
    };
    expect(judge({ ...good, ...asked, ...unknown }).broken).toEqual([]);
  });

  it('excuses no double without a kill, nor one that a living owner left', () => {
    expect(judge({ ...good, arrivals: arrived(2) }).figures.duplicated).toBe(1);
    const doubts = [{ ...anna, owner: 'alive' }];
    expect(judge({ ...good, arrivals: arrived(2), doubts }).figures).toMatchObject({
      duplicated: 1,
      taken_from_living: 1,
    });
  });

  it.each<[string, Partial<Evidence>]>([
    ['a target without a row', { targets: [anna, { ...anna, subscriptionId: 'ben' }] }],
    ['a row without a target', { targets: [] }],
    ['two rows', { ledger: [sent, sent] }],
    ['a failure without a reason', { ledger: [{ ...sent, state: 'failed' }] }],
  ])('counts %s as unaccounted', (_, wrong) => {
    expect(judge({ ...good, ...wrong }).figures.unaccounted).toBe(1);
  });

  it.each<[string, Partial<Evidence>]>([
    ['a mail to another address', { arrivals: arrived(1, 'ben@example.com') }],
    ['an event that is missing', { told: [] }],
    ['an event that is told twice', { told: [...good.told, ...good.told] }],
    ['a wrong count', { views: new Map([['m', { successful: 0, failed: 1, errored: 0, remaining: 0 }]]) }],
    ['a doubt that is left', { left: 1 }],
    ['a mail of nobody', { strangers: 1 }],
  ])('names %s', (_, wrong) => {
    expect(judge({ ...good, ...wrong }).broken).toHaveLength(1);
  });
});
