import { inEveryVoice, once } from '../case.ts';
import type { Case } from '../case.ts';
import { absent, exactly, unixSeconds, uuid } from '../wire/checks.ts';
import { expectAnswer, expectError, textAt } from '../wire/expect-answer.ts';
import { subscription, user } from './models.ts';
import { newUser } from './new-user.ts';

export const userCases: readonly Case[] = [
  inEveryVoice(
    ['createUser'],
    'answers a new user with identity, properties and subscriptions',
    async (caller) => {
      const { app } = caller;
      const externalId = caller.newName('user');
      const email = caller.newEmail();
      const answer = await caller.call('POST', `/apps/${app}/users`, {
        identity: { external_id: externalId, crm_id: caller.newName('crm') },
        properties: {
          tags: { plan: 'gold', visits: 3, none: null },
          language: 'en',
          timezone_id: 'Europe/Lisbon',
          country: 'PT',
        },
        subscriptions: [{ type: 'Email', token: email, enabled: true }],
        a_key_nobody_knows: { at: 'all' },
      });
      expectAnswer(answer, [200, 201], {
        ...user,
        identity: { external_id: externalId, onesignal_id: uuid },
        properties: {
          tags: exactly({ plan: 'gold', visits: '3' }),
          language: 'en',
          country: 'PT',
          last_active: unixSeconds,
        },
        subscriptions: [{ ...subscription, type: 'Email', token: email, enabled: true, app_id: app }],
      });
    },
  ),
  inEveryVoice(['createUser'], 'changes the user that an alias names, and answers 202', async (caller) => {
    const { externalId, id, email } = await newUser(caller);
    const answer = await caller.call('POST', `/apps/${caller.app}/users`, {
      identity: { external_id: externalId },
      properties: { tags: { second: 'yes' } },
      subscriptions: [{ type: 'Email', token: email }],
    });
    expectAnswer(answer, 202, {
      ...user,
      identity: { onesignal_id: id },
      properties: { tags: { first: 'yes', second: 'yes' } },
      subscriptions: [{ ...subscription, token: email }],
    });
  }),
  inEveryVoice(
    ['createUser'],
    'tells of an alias that another user has as 409 user-2, with both forms of meta',
    async (caller) => {
      const { id } = await newUser(caller);
      const card = caller.newName('card');
      expectAnswer(
        await caller.call('PATCH', `/apps/${caller.app}/users/by/onesignal_id/${id}/identity`, {
          identity: { card },
        }),
        200,
      );
      const answer = await caller.call('POST', `/apps/${caller.app}/users`, {
        identity: { external_id: caller.newName('taker'), card },
      });
      expectError(answer, 409, {
        code: 'user-2',
        title: 'One or more Aliases claimed by another User',
        meta: { card, conflicting_aliases: { card } },
      });
    },
  ),
  inEveryVoice(['createUser'], 'refuses a user without alias and subscription as user-3', async (caller) => {
    const answer = await caller.call('POST', `/apps/${caller.app}/users`, { properties: { language: 'en' } });
    expectError(answer, 400, {
      code: 'user-3',
      title: 'Creating a User requires at least one Alias or Subscription',
    });
  }),
  inEveryVoice(
    ['getUser'],
    'shows a user under every alias, percent-encoded as clients do it',
    async (caller) => {
      const { app } = caller;
      const externalId = `${caller.newName('a')}/b c+d&e=ü?#%`;
      const label = 'crm id';
      const value = `${caller.newName('x')}@y.z`;
      const created = await caller.call('POST', `/apps/${app}/users`, {
        identity: { external_id: externalId, [label]: value },
      });
      const id = textAt(created, 'identity.onesignal_id');
      for (const [by, is] of [
        ['external_id', externalId],
        [label, value],
        ['onesignal_id', id],
      ] as const) {
        const path = `/apps/${app}/users/by/${encodeURIComponent(by)}/${encodeURIComponent(is)}`;
        expectAnswer(await caller.call('GET', path), 200, {
          ...user,
          identity: exactly({ onesignal_id: id, external_id: externalId, [label]: value }),
          subscriptions: [],
        });
      }
    },
  ),
  inEveryVoice(
    ['getUser'],
    'answers 404 for an unknown user and 400 request-1 for what is no UUID',
    async (caller) => {
      const nobody = caller.newName('nobody');
      expectError(await caller.call('GET', `/apps/${caller.app}/users/by/external_id/${nobody}`), 404, {
        title: `Given alias \`(external_id: ${nobody})\` doesn't match an existing user`,
      });
      expectError(await caller.call('GET', `/apps/${caller.app}/users/by/onesignal_id/123`), 400, {
        code: 'request-1',
        title: 'Invalid UUID',
        meta: { onesignal_id: '123' },
      });
    },
  ),
  once(
    ['getUser', 'updateUser', 'deleteUser', 'getAliases', 'createAlias'],
    'asks for Authorization as auth-1',
    async (caller) => {
      const path = `/apps/${caller.app}/users/by/external_id/${caller.newName('any')}`;
      const wanted = { code: 'auth-1', title: "This operation requires 'Authorization' in the HTTP header" };
      expectError(await caller.callWithoutKey('GET', path), 401, wanted);
      expectError(await caller.callWithoutKey('PATCH', path, { properties: {} }), 401, wanted);
      expectError(await caller.callWithoutKey('DELETE', path), 401, wanted);
      expectError(await caller.callWithoutKey('GET', `${path}/identity`), 401, wanted);
      expectError(
        await caller.callWithoutKey('PATCH', `${path}/identity`, { identity: { a: 'b' } }),
        401,
        wanted,
      );
      // A client that was given no key sends the scheme alone.
      expectError(await caller.callWith('', 'GET', path), 401, wanted);
      expectError(await caller.callWith('os_v2_app_wrong', 'GET', path), 401, wanted);
    },
  ),
  inEveryVoice(
    ['updateUser'],
    'merges tags, removes those set to "", and answers 202 with properties',
    async (caller) => {
      const { path } = await newUser(caller);
      const answer = await caller.call('PATCH', path, {
        properties: { tags: { first: '', level: 7, vip: true } },
      });
      expectAnswer(answer, 202, { properties: { tags: { level: '7', vip: 'true' } } });
      expectAnswer(await caller.call('GET', path), 200, {
        properties: { tags: exactly({ level: '7', vip: 'true' }) },
      });
    },
  ),
  inEveryVoice(
    ['updateUser'],
    'answers 404 for an unknown user: device SDKs make it again then',
    async (caller) => {
      const path = `/apps/${caller.app}/users/by/external_id/${caller.newName('nobody')}`;
      expectError(await caller.call('PATCH', path, { properties: { language: 'en' } }), 404, {
        title: /existing user/,
      });
    },
  ),
  inEveryVoice(['updateUser', 'getUser'], 'adds deltas to what is there', async (caller) => {
    const { path, subscriptionId } = await newUser(caller);
    const purchases = [{ sku: 'tea', amount: '2.50', iso: 'EUR', count: 2 }];
    for (const deltas of [{ session_count: 1, session_time: 60, purchases }, { session_time: 5 }]) {
      expectAnswer(await caller.call('PATCH', path, { deltas }), 202, { properties: {} });
    }
    expectAnswer(await caller.call('GET', path), 200, {
      properties: { amount_spent: 5, purchases },
      // No header has said whose session it was.
      subscriptions: [{ id: subscriptionId, session_count: 0, session_time: 0 }],
    });
  }),
  inEveryVoice(['deleteUser'], 'answers 202 with the identity, then 404', async (caller) => {
    const { path, id } = await newUser(caller);
    expectAnswer(await caller.call('DELETE', path), 202, { identity: { onesignal_id: id } });
    expectError(await caller.call('DELETE', path), 404, { title: /existing user/ });
    expectError(await caller.call('GET', path), 404, { title: /existing user/ });
  }),
  inEveryVoice(
    ['getAliases', 'createAlias', 'deleteAlias'],
    'shows, adds, changes and removes aliases',
    async (caller) => {
      const { path, id, externalId } = await newUser(caller);
      const first = caller.newName('crm');
      const second = caller.newName('crm');
      const own = { onesignal_id: id, external_id: externalId };
      expectAnswer(await caller.call('GET', `${path}/identity`), 200, exactly({ identity: exactly(own) }));
      const patch = { identity: { crm_id: first } };
      expectAnswer(await caller.call('PATCH', `${path}/identity`, patch), 200, {
        identity: exactly({ ...own, crm_id: first }),
      });
      expectAnswer(await caller.call('PATCH', `${path}/identity`, { identity: { crm_id: second } }), 200, {
        identity: exactly({ ...own, crm_id: second }),
      });
      expectAnswer(await caller.call('DELETE', `${path}/identity/crm_id`), 200, { identity: exactly(own) });
      expectAnswer(await caller.call('DELETE', `${path}/identity/crm_id`), 404, { errors: [{ title: /./ }] });
    },
  ),
  inEveryVoice(['createAlias'], 'tells of an alias that another user has as 409 user-2', async (caller) => {
    const [one, other] = [await newUser(caller), await newUser(caller)];
    const answer = await caller.call('PATCH', `${one.path}/identity`, {
      identity: { external_id: other.externalId },
    });
    expectError(answer, 409, {
      code: 'user-2',
      title: 'One or more Aliases claimed by another User',
      meta: { external_id: other.externalId },
    });
  }),
  inEveryVoice(
    ['getAliasesBySubscription', 'createAliasBySubscription'],
    'reaches aliases through a subscription',
    async (caller) => {
      const { id, externalId, subscriptionId } = await newUser(caller);
      const path = `/apps/${caller.app}/subscriptions/${subscriptionId}/user/identity`;
      const own = { onesignal_id: id, external_id: externalId };
      expectAnswer(await caller.call('GET', path), 200, { identity: exactly(own) });
      const loyalty = caller.newName('loyalty');
      expectAnswer(await caller.call('PATCH', path, { identity: { loyalty } }), 200, {
        identity: exactly({ ...own, loyalty }),
      });
      const unknown = `/apps/${caller.app}/subscriptions/${caller.newId()}/user/identity`;
      expectError(await caller.call('GET', unknown), 404, {
        code: 'subscription-0',
        title: 'Subscription not found',
      });
    },
  ),
  once(
    ['createUser', 'getUser'],
    'names no internals of another app to a key of this one',
    async (caller) => {
      const answer = await caller.call('GET', `/apps/${caller.newId()}/users/by/external_id/x`);
      expectAnswer(answer, [401, 403, 404], { errors: [{ title: /./, meta: absent }] });
    },
  ),
];
