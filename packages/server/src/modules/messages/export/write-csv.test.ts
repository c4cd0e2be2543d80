import { expect, it } from 'vitest';
import type { EndedDelivery } from './export-store.ts';
import { writeActivity, writeHistory } from './write-csv.ts';

const SENT: EndedDelivery = {
  subscriptionId: 's-1',
  userId: 'u-1',
  externalId: 'anna',
  state: 'sent',
  reason: null,
  at: new Date(1_700_000_000_900),
  delivered: true,
  unsubscribed: false,
  clickedAt: new Date(1_700_000_060_000),
  bouncedBecause: null,
};

async function* pages() {
  yield [
    SENT,
    { ...SENT, subscriptionId: 's-2', delivered: false, clickedAt: null, bouncedBecause: '550, no mailbox' },
  ];
  yield [
    { ...SENT, subscriptionId: 's-3', state: 'failed', reason: 'refused', delivered: false, clickedAt: null },
    {
      ...SENT,
      subscriptionId: 's-4',
      state: 'unsubscribed',
      reason: 'off',
      userId: null,
      externalId: null,
      delivered: false,
      clickedAt: null,
    },
  ];
}

async function textOf(parts: AsyncIterable<string>): Promise<string[]> {
  let text = '';
  for await (const part of parts) text += part;
  return text.split('\r\n').slice(0, -1);
}

it('activity has a line for each subscription, with what came of the message there', async () => {
  expect(await textOf(writeActivity(pages(), 'email'))).toEqual([
    'external_user_id,subscription_id,device_type,sent,delivered,clicked,onesignal_id,failed,unsubscribed,failure_message',
    'anna,s-1,11,true,true,true,u-1,false,false,',
    'anna,s-2,11,true,false,false,u-1,true,false,"550, no mailbox"',
    'anna,s-3,11,false,false,false,u-1,true,false,refused',
    ',s-4,11,false,false,false,,false,true,off',
  ]);
});

it('history has those who were sent to, or those who clicked, with the time in Unix seconds', async () => {
  expect(await textOf(writeHistory(pages(), 'sent'))).toEqual([
    'player_id,timestamp',
    's-1,1700000000',
    's-2,1700000000',
  ]);
  expect(await textOf(writeHistory(pages(), 'clicked'))).toEqual(['player_id,timestamp', 's-1,1700000060']);
});
