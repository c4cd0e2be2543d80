import { inEveryVoice, once } from '../case.ts';
import type { Case } from '../case.ts';
import { exactly, text, uuid } from '../wire/checks.ts';
import { expectAnswer } from '../wire/expect-answer.ts';
import { newUser } from './new-user.ts';

export const customEventCases: readonly Case[] = [
  inEveryVoice(
    ['createCustomEvents'],
    'takes properties, as documented, and payload, as server SDKs send it',
    async (caller) => {
      const { externalId, id } = await newUser(caller);
      const answer = await caller.call('POST', `/apps/${caller.app}/custom_events`, {
        events: [
          { name: 'order', external_id: externalId, properties: { total: 12.5, lines: [{ sku: 'a' }] } },
          { name: 'order', onesignal_id: id, payload: { total: 3 } },
          {
            name: 'order',
            external_id: externalId,
            timestamp: new Date().toISOString(),
            idempotency_key: caller.newId(),
          },
          { name: 'order', external_id: externalId, a_key_nobody_knows: true },
        ],
      });
      expectAnswer(answer, 202, exactly({}));
    },
  ),
  inEveryVoice(
    ['createCustomEvents'],
    'tells of the events that were not taken, and takes the others',
    async (caller) => {
      const { externalId } = await newUser(caller);
      const nobody = caller.newName('nobody');
      const answer = await caller.call('POST', `/apps/${caller.app}/custom_events`, {
        events: [
          { name: 'order', external_id: externalId },
          { name: 'order', external_id: nobody },
        ],
      });
      expectAnswer(answer, 202, {
        errors: [
          {
            event_user_id: nobody,
            event_id: uuid,
            error: { code: 'not found', title: `failed to find a onesignal_id for user_id ${nobody}` },
          },
        ],
      });
    },
  ),
  inEveryVoice(['createCustomEvents'], 'takes an event with a known idempotency key once', async (caller) => {
    const { externalId } = await newUser(caller);
    const event = { name: 'order', external_id: externalId, idempotency_key: caller.newId() };
    for (let time = 0; time < 2; time += 1) {
      const answer = await caller.call('POST', `/apps/${caller.app}/custom_events`, { events: [event] });
      expectAnswer(answer, 202, exactly({}));
    }
  }),
  inEveryVoice(
    ['createCustomEvents'],
    'takes a time to come, and tells of an event whose name is too long or that has no user',
    async (caller) => {
      const { externalId } = await newUser(caller);
      const answer = await caller.call('POST', `/apps/${caller.app}/custom_events`, {
        events: [
          { name: 'order', external_id: externalId, timestamp: '2999-01-01T00:00:00Z' },
          { name: 'n'.repeat(129), external_id: externalId },
          { name: 'order' },
        ],
      });
      expectAnswer(answer, 202, {
        errors: [
          { event_user_id: externalId, event_id: uuid, error: { code: text, title: text } },
          { event_user_id: null, event_id: uuid, error: { code: text, title: text } },
        ],
      });
    },
  ),
  once(['createCustomEvents'], 'answers a caller without a key with 401, plain and empty', async (caller) => {
    const path = `/apps/${caller.app}/custom_events`;
    const answer = await caller.callWith('os_v2_app_wrong', 'POST', path, { events: [] });
    expectAnswer(answer, 401);
    if (answer.text !== '' || answer.headers['content-type']?.startsWith('text/plain') !== true) {
      throw new Error(
        `401 should be an empty text/plain, not ${answer.headers['content-type']} ${answer.text}`,
      );
    }
  }),
];
