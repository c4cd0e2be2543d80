import { FakeClock, createTestDatabase } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Partitions } from '../../../../platform/database/partitions.ts';
import { newId } from '../../../../platform/ids.ts';
import { USUAL_KEYWORDS } from '../keywords/keywords.ts';
import type { InboundSms, KeywordOrder, TakeInboundSms } from './inbound-sms.ts';
import { createInboundDesk } from './take-inbound-sms.ts';

const PHONE = '+4915112345678';
const SHOP = '+15550100000';
const { stop: STOPPED, start: STARTED } = USUAL_KEYWORDS.replies;

const clock = new FakeClock(Date.now());
const orders: KeywordOrder[] = [];
let test: TestDatabase;
let take: TakeInboundSms;
let appId: string;
let failing = false;
let news = 0;

beforeAll(async () => {
  test = await createTestDatabase();
  take = createInboundDesk({
    database: test.database,
    clock,
    partitions: new Partitions(test.database),
    keywords: { of: async () => USUAL_KEYWORDS },
    optOuts: { stop: async () => undefined, start: async () => false },
    obey: async (order) => {
      if (failing) throw new Error('not now');
      orders.push(order);
    },
    onNews: () => (news += 1),
  });
});
afterAll(() => test.drop());
beforeEach(() => {
  appId = newId();
  orders.length = 0;
  failing = false;
  news = 0;
});

const sms = (id: string, text: string, more: Partial<InboundSms> = {}): InboundSms => ({
  appId,
  id,
  text,
  from: PHONE,
  to: SHOP,
  at: clock.now(),
  hasOwnId: true,
  handled: null,
  mediaUrls: [],
  part: null,
  ...more,
});
const obeyed = () => orders.map(({ keyword }) => keyword);
const kept = async () =>
  (
    await test.database.rows<{ count: number }>({
      name: '',
      text: `select count(*)::int as count from inbound_sms where app_id = '${appId}'`,
    })
  )[0]?.count;

describe('a text that is told again', () => {
  it('is obeyed and answered once, also when its person has said something else since', async () => {
    expect(await take(sms('SM1', 'Stop'))).toBe(STOPPED);
    expect(await take(sms('SM2', 'Start'))).toBe(STARTED);
    expect(await take(sms('SM1', 'Stop'))).toBeNull();
    expect(obeyed()).toEqual(['stop', 'start']);
    expect(await kept()).toBe(2);
    expect(news).toBe(2);
  });

  it('is told once where it comes several times at once', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => take(sms('SM1', 'Stop'))));
    expect(answers.filter((answer) => answer !== null)).toEqual([STOPPED]);
    expect(await kept()).toBe(1);
  });

  it('is obeyed when it is a STOP that may be another one, and not answered', async () => {
    const unsure = { hasOwnId: false };
    await take(sms('a', 'Stop', unsure));
    await take(sms('b', 'Start', unsure));
    expect(await take(sms('a', 'Stop', unsure))).toBeNull();
    expect(await take(sms('b', 'Start', unsure))).toBeNull();
    expect(obeyed()).toEqual(['stop', 'start', 'stop']);
  });

  it('is taken in when it could not be obeyed before', async () => {
    failing = true;
    await expect(take(sms('SM1', 'Stop'))).rejects.toThrow('not now');
    expect(await kept()).toBe(0);
    failing = false;
    expect(await take(sms('SM1', 'Stop'))).toBe(STOPPED);
  });

  it('is another text for another app', async () => {
    await take(sms('SM1', 'Stop'));
    expect(await take(sms('SM1', 'Stop', { appId: newId() }))).toBe(STOPPED);
  });
});

describe('a piece of a long text', () => {
  it('is kept, and is no keyword whatever it says', async () => {
    const part = { reference: 7, number: 2, total: 2 };
    expect(await take(sms('a', 'Stop', { part, hasOwnId: false }))).toBeNull();
    expect(orders).toEqual([]);
    expect(await kept()).toBe(1);
  });
});

describe('an answer', () => {
  it('goes to nobody who is ourselves, and says nothing where the provider has answered', async () => {
    expect(await take(sms('SM1', 'Help', { from: SHOP }))).toBeNull();
    expect(await take(sms('SM2', 'Leave me alone', { handled: 'stop' }))).toBeNull();
    expect(obeyed()).toEqual(['help', 'stop']);
  });

  it('comes five times within an hour, and again an hour later', async () => {
    const ask = async (count: number) => {
      const answers: (string | null)[] = [];
      for (let n = 0; n < count; n += 1) answers.push(await take(sms(newId(), 'Help')));
      return answers.filter((answer) => answer !== null).length;
    };
    expect(await ask(8)).toBe(5);
    expect(await take(sms('SM1', 'Help', { from: '+4915100000000' }))).not.toBeNull();
    await clock.advance(3_600_001);
    expect(await ask(8)).toBe(5);
  });

  it('is given to what no database can hold, too', async () => {
    expect(await take(sms('SM1', 'stop\u0000'))).toBeNull();
    expect(await take(sms('SM2', `help ${'x'.repeat(40_000)}\ud800`))).toBeNull();
    expect(await kept()).toBe(2);
  });
});
