import { inEveryVoice, once } from '../case.ts';
import type { Case } from '../case.ts';
import { exactly } from '../wire/checks.ts';
import { expectAnswer, textAt } from '../wire/expect-answer.ts';
import { subscription, user } from './models.ts';
import { newUser } from './new-user.ts';

/** Ways in which clients call users, aliases and subscriptions beside the straight one. */
export const habitCases: readonly Case[] = [
  once(
    ['createUser', 'getUser'],
    'takes the scheme of a key in any case, and the key in quotes',
    async (caller) => {
      const { app } = caller;
      const { appKey } = caller.stage;
      const { path } = await newUser(caller);
      const credentials = ['key', 'KEY', 'basic', 'Bearer', 'bearer'].flatMap((scheme) => [
        `${scheme} ${appKey}`,
        `${scheme} "${appKey}"`,
      ]);
      for (const Authorization of credentials) {
        for (const prefix of ['', '/api/v1']) {
          expectAnswer(await caller.sendLetter('GET', prefix + path, { headers: { Authorization } }), 200, {
            identity: { external_id: path.split('/').at(-1) ?? '' },
          });
        }
      }
      const body = JSON.stringify({ identity: { external_id: caller.newName('one') } });
      const headers = { Authorization: `key ${appKey}` };
      expectAnswer(await caller.sendLetter('POST', `/apps/${app}/users`, { headers, body }), [200, 201]);
    },
  ),
  once(
    ['createUser', 'updateUser', 'createAlias', 'createSubscription', 'updateSubscription'],
    'reads JSON whatever its Content-Type says, also where there is none',
    async (caller) => {
      const Authorization = `Key ${caller.stage.appKey}`;
      const types = [
        null,
        'application/json',
        'application/json; charset=utf-8',
        'application/json;charset=UTF-8',
        'Application/JSON; Charset="utf-8"',
        'application/vnd.onesignal.v1+json',
        'text/plain;charset=UTF-8',
        // What curl says of -d.
        'application/x-www-form-urlencoded',
      ];
      for (const type of types) {
        const headers = { Authorization, ...(type !== null && { 'Content-Type': type }) };
        const send = (method: 'POST' | 'PATCH', path: string, body: object) =>
          caller.sendLetter(method, path, { headers, body: JSON.stringify(body) });
        const externalId = caller.newName('typed');
        const path = `/apps/${caller.app}/users/by/external_id/${externalId}`;
        const created = await send('POST', `/apps/${caller.app}/users`, {
          identity: { external_id: externalId },
        });
        expectAnswer(created, [200, 201], { identity: { external_id: externalId } });
        expectAnswer(await send('PATCH', path, { properties: { tags: { ä: 'ü' } } }), 202, {
          properties: { tags: { ä: 'ü' } },
        });
        const crm = caller.newName('crm');
        expectAnswer(await send('PATCH', `${path}/identity`, { identity: { crm } }), 200, {
          identity: { crm },
        });
        const added = await send('POST', `${path}/subscriptions`, {
          subscription: { type: 'Email', token: caller.newEmail() },
        });
        expectAnswer(added, [201, 202], { subscription });
        const one = `/apps/${caller.app}/subscriptions/${textAt(added, 'subscription.id')}`;
        expectAnswer(await send('PATCH', one, { subscription: { enabled: false } }), 200, {});
      }
    },
  ),
  once(
    ['getUser', 'getAliases', 'deleteAlias', 'deleteSubscription', 'deleteUser'],
    'takes no offence at a type without a body, nor at an empty body',
    async (caller) => {
      const headers = { Authorization: `Key ${caller.stage.appKey}`, 'Content-Type': 'application/json' };
      for (const body of [undefined, '', '{}']) {
        const letter = { headers, ...(body !== undefined && { body }) };
        const { path, subscriptionId } = await newUser(caller);
        const crm = caller.newName('crm');
        await caller.call('PATCH', `${path}/identity`, { identity: { crm } });
        expectAnswer(await caller.sendLetter('GET', path, letter), 200, user);
        expectAnswer(await caller.sendLetter('GET', `${path}/identity`, letter), 200, { identity: { crm } });
        expectAnswer(await caller.sendLetter('DELETE', `${path}/identity/crm`, letter), 200, {});
        const one = `/apps/${caller.app}/subscriptions/${subscriptionId}`;
        expectAnswer(await caller.sendLetter('DELETE', one, letter), 202, exactly({}));
        expectAnswer(await caller.sendLetter('DELETE', path, letter), 202, {});
      }
    },
  ),
  inEveryVoice(
    ['createUser', 'updateUser', 'createSubscription', 'updateSubscription'],
    'takes null for what is not said, as typed clients write it',
    async (caller) => {
      const externalId = caller.newName('nulls');
      const nothing = {
        tags: null,
        language: null,
        timezone_id: null,
        country: null,
        lat: null,
        long: null,
        first_active: null,
        last_active: null,
        amount_spent: null,
        purchases: null,
        test_user_name: null,
      };
      const silent = {
        id: null,
        notification_types: null,
        session_time: null,
        session_count: null,
        sdk: null,
        device_model: null,
        device_os: null,
        rooted: null,
        test_type: null,
        app_version: null,
        net_type: null,
        carrier: null,
        web_auth: null,
        web_p256: null,
      };
      const created = await caller.call('POST', `/apps/${caller.app}/users`, {
        identity: { external_id: externalId },
        properties: nothing,
        subscriptions: null,
        refresh_device_metadata: null,
      });
      expectAnswer(created, [200, 201], { properties: { tags: exactly({}) }, subscriptions: [] });
      const path = `/apps/${caller.app}/users/by/external_id/${externalId}`;
      const update = { properties: nothing, deltas: null, refresh_device_metadata: null };
      expectAnswer(await caller.call('PATCH', path, update), 202, {});
      const token = caller.newEmail();
      const added = await caller.call('POST', `${path}/subscriptions`, {
        subscription: { ...silent, type: 'Email', token, enabled: null },
      });
      expectAnswer(added, [201, 202], { subscription: { ...subscription, token, enabled: true } });
      const one = `/apps/${caller.app}/subscriptions/${textAt(added, 'subscription.id')}`;
      const off = { subscription: { ...silent, type: 'Email', token: null, enabled: false } };
      expectAnswer(await caller.call('PATCH', one, off), 200, {});
      expectAnswer(await caller.call('GET', path), 200, { subscriptions: [{ token, enabled: false }] });
    },
  ),
  inEveryVoice(
    [
      'createUser',
      'updateUser',
      'createAlias',
      'createSubscription',
      'updateSubscription',
      'transferSubscription',
    ],
    'passes over members that it does not know',
    async (caller) => {
      const unknown = { a_member_of_tomorrow: { at: ['all'] } };
      const { path, id, externalId, subscriptionId, email } = await newUser(caller);
      const one = `/apps/${caller.app}/subscriptions/${subscriptionId}`;
      expectAnswer(
        await caller.call('POST', `/apps/${caller.app}/users`, {
          ...unknown,
          identity: { external_id: externalId },
          properties: unknown,
          subscriptions: [{ ...unknown, type: 'Email', token: email }],
        }),
        202,
        { identity: { onesignal_id: id } },
      );
      expectAnswer(await caller.call('PATCH', path, { ...unknown, properties: unknown }), 202, {});
      const named = { ...unknown, identity: { crm: caller.newName('crm') } };
      expectAnswer(await caller.call('PATCH', `${path}/identity`, named), 200, {});
      const second = { ...unknown, subscription: { ...unknown, type: 'Email', token: caller.newEmail() } };
      expectAnswer(await caller.call('POST', `${path}/subscriptions`, second), [201, 202], { subscription });
      const change = { ...unknown, subscription: { ...unknown, enabled: true } };
      expectAnswer(await caller.call('PATCH', one, change), 200, {});
      const owner = { ...unknown, identity: { external_id: externalId } };
      expectAnswer(await caller.call('PATCH', `${one}/owner`, owner), 200, {});
    },
  ),
  inEveryVoice(
    ['getUser', 'updateUser', 'updateSubscription'],
    'takes back what it has shown',
    async (caller) => {
      const { path, subscriptionId } = await newUser(caller);
      const shown = await caller.call('GET', path);
      const { properties, subscriptions } = shown.body as { properties: object; subscriptions: object[] };
      expectAnswer(await caller.call('PATCH', path, { properties }), 202, {});
      const one = `/apps/${caller.app}/subscriptions/${subscriptionId}`;
      expectAnswer(await caller.call('PATCH', one, { subscription: subscriptions[0] ?? {} }), 200, {});
      expectAnswer(await caller.call('GET', path), 200, {
        properties: { tags: exactly({ first: 'yes' }) },
        subscriptions: [{ ...subscription, id: subscriptionId, enabled: true, notification_types: 1 }],
      });
    },
  ),
  inEveryVoice(
    ['updateUser', 'getAliases', 'createAlias', 'deleteAlias', 'createSubscription', 'deleteUser'],
    'finds a user under an alias that is percent-encoded, on every route',
    async (caller) => {
      const value = `${caller.newName('a')}/b c+d&e=ü?#%@:;,'()*!~$`;
      const label = 'crm id/ä';
      await caller.call('POST', `/apps/${caller.app}/users`, { identity: { [label]: value } });
      const path = `/apps/${caller.app}/users/by/${encodeURIComponent(label)}/${encodeURIComponent(value)}`;
      expectAnswer(await caller.call('PATCH', path, { properties: { tags: { n: 1.5 } } }), 202, {
        properties: { tags: exactly({ n: '1.5' }) },
      });
      expectAnswer(await caller.call('GET', `${path}/identity`), 200, { identity: { [label]: value } });
      const other = 'an other/label';
      const added = await caller.call('PATCH', `${path}/identity`, {
        identity: { [other]: caller.newName('o') },
      });
      expectAnswer(added, 200, { identity: { [label]: value } });
      expectAnswer(await caller.call('DELETE', `${path}/identity/${encodeURIComponent(other)}`), 200, {
        identity: { [label]: value },
      });
      const body = { subscription: { type: 'Email', token: caller.newEmail() } };
      expectAnswer(await caller.call('POST', `${path}/subscriptions`, body), [201, 202], { subscription });
      expectAnswer(await caller.call('DELETE', path), 202, {});
    },
  ),
  once(
    ['updateSubscriptionByToken'],
    'finds endpoints and numbers by their token, percent-encoded',
    async (caller) => {
      const { path } = await newUser(caller);
      const tokens = {
        SMS: caller.newPhone(),
        ChromePush: `https://push.example.com/fcm/send/${caller.newId()}:APA91b?a=b&c=%20`,
        Email: caller.newEmail('o+tag'),
      };
      for (const [type, token] of Object.entries(tokens)) {
        await caller.call('POST', `${path}/subscriptions`, { subscription: { type, token } });
        // The spelling of the type is free, too.
        for (const spelled of [type, type.toLowerCase()]) {
          const at = `/apps/${caller.app}/subscriptions_by_token/${spelled}/${encodeURIComponent(token)}`;
          const answer = await caller.call('PATCH', at, { subscription: { enabled: false } });
          expectAnswer(answer, 202, { subscription: { ...subscription, type, token, enabled: false } });
        }
      }
    },
  ),
];
