import { inEveryVoice, onEveryDevice, once } from '../case.ts';
import type { Case } from '../case.ts';
import type { Caller } from '../wire/caller.ts';
import { exactly, integer } from '../wire/checks.ts';
import { expectAnswer, expectSentence, textAt } from '../wire/expect-answer.ts';
import { newUser } from './new-user.ts';

const ADD = 'Add .sum or .count to every requested outcome id';

async function message(caller: Caller): Promise<string> {
  const { externalId } = await newUser(caller);
  const created = await caller.call('POST', '/notifications', {
    app_id: caller.app,
    target_channel: 'email',
    include_aliases: { external_id: [externalId] },
    email_subject: 'Conformance',
    email_body: '<p>Hello</p>',
  });
  return textAt(created, 'id');
}

const view = (caller: Caller, query: string) => caller.call('GET', `/apps/${caller.app}/outcomes?${query}`);

export const outcomeCases: readonly Case[] = [
  onEveryDevice(
    ['measureOutcome', 'getOutcomes'],
    'counts what a device reports, with its weight, and whose merit it is',
    async ({ device, server }) => {
      const name = server.newName('sale');
      const id = await message(server);
      const report = {
        app_id: server.app,
        id: name,
        subscription: { id: server.newId(), type: 'ChromePush' },
      };
      for (const more of [
        { weight: 2.5, direct: true, notification_ids: [id] },
        { weight: 1, direct: false, notification_ids: [id] },
        {},
      ]) {
        expectAnswer(await device.call('POST', '/outcomes/measure', { ...report, ...more }), 200);
      }
      for (const [attribution, count, sum] of [
        ['direct', 1, 2.5],
        ['influenced', 1, 1],
        ['unattributed', 1, 0],
        ['total', 3, 3.5],
      ] as const) {
        const query = `outcome_names=${name}.count,${name}.sum&outcome_attribution=${attribution}&outcome_platforms=5`;
        expectAnswer(
          await view(server, query),
          200,
          exactly({
            outcomes: [
              { id: name, value: count, aggregation: 'count' },
              { id: name, value: sum, aggregation: 'sum' },
            ],
          }),
        );
      }
    },
  ),
  onEveryDevice(
    ['measureOutcome'],
    'takes the length of a session, and an outcome from a phone that names only its platform',
    async ({ device, server }) => {
      const phone = { app_id: server.app, device_type: 0 };
      const session = { ...phone, id: 'os__session_duration', session_time: 13, notification_ids: [] };
      expectAnswer(await device.call('POST', '/outcomes/measure', session), 200);
      const name = server.newName('seen');
      expectAnswer(await device.call('POST', '/outcomes/measure', { ...phone, id: name }), 200);
      expectAnswer(await view(server, `outcome_names=${name}.count`), 200, {
        outcomes: [{ id: name, value: 1, aggregation: 'count' }],
      });
    },
  ),
  onEveryDevice(
    ['measureOutcomeSources'],
    'counts an outcome with its sources',
    async ({ device, server }) => {
      const name = server.newName('sale');
      const sources = { direct: { notification_ids: [await message(server)], in_app_message_ids: [] } };
      const body = { app_id: server.app, device_type: 0, id: name, weight: 4, sources };
      expectAnswer(await device.call('POST', '/outcomes/measure_sources', body), 200);
      expectAnswer(await view(server, `outcome_names=${name}.sum&outcome_attribution=direct`), 200, {
        outcomes: [{ id: name, value: 4, aggregation: 'sum' }],
      });
    },
  ),
  inEveryVoice(
    ['getNotification'],
    'tells the outcomes that a message has a share in, where they are asked for by name',
    async (caller) => {
      const [name, id] = [caller.newName('sale'), await message(caller)];
      const report = { app_id: caller.app, id: name, device_type: 11, weight: 3 };
      await caller.call('POST', '/outcomes/measure', { ...report, direct: true, notification_ids: [id] });
      await caller.call('POST', '/outcomes/measure', report);
      const path = `/notifications/${id}?app_id=${caller.app}`;
      expectAnswer(await caller.call('GET', `${path}&outcome_names=${name}.count,${name}.sum`), 200, {
        id,
        outcomes: [
          { id: name, value: 1, aggregation: 'count' },
          { id: name, value: 3, aggregation: 'sum' },
        ],
      });
      expectSentence(await caller.call('GET', `${path}&outcome_names=${name}`), 400, ADD);
    },
  ),
  inEveryVoice(['getOutcomes'], 'takes names in a list and one by one, and every range', async (caller) => {
    for (const range of ['1h', '1d', '1mo']) {
      const query = `outcome_names=nobody.count&outcome_names%5B%5D=did%2C%20this.sum&outcome_time_range=${range}`;
      expectAnswer(await view(caller, query), 200, {
        outcomes: [
          { id: 'nobody', value: 0, aggregation: 'count' },
          { id: 'did, this', value: 0, aggregation: 'sum' },
        ],
      });
    }
  }),
  inEveryVoice(
    ['getOutcomes'],
    'tells clicks and confirmed deliveries, which the server counts itself',
    async (caller) => {
      const names = 'os__click.count,os__confirmed_delivery.count';
      const query = `outcome_names=${names}&outcome_time_range=1d&outcome_platforms=11&outcome_attribution=direct`;
      expectAnswer(await view(caller, query), 200, {
        outcomes: [
          { id: 'os__click', value: integer, aggregation: 'count' },
          { id: 'os__confirmed_delivery', value: integer, aggregation: 'count' },
        ],
      });
    },
  ),
  once(
    ['getOutcomes'],
    'refuses names without .sum or .count, and a key that is not the app’s',
    async (caller) => {
      expectSentence(await view(caller, 'outcome_names=sale'), 400, ADD);
      expectSentence(await view(caller, ''), 400, ADD);
      const path = `/apps/${caller.app}/outcomes?outcome_names=sale.sum`;
      expectSentence(await caller.callWith('os_v2_app_wrong', 'GET', path), 403, /^Access denied/);
    },
  ),
];
