import { inEveryVoice, once } from '../case.ts';
import type { Case } from '../case.ts';
import { exactly, holding, uuid } from '../wire/checks.ts';
import { expectAnswer, expectError, textAt } from '../wire/expect-answer.ts';
import { subscription } from './models.ts';
import { newUser } from './new-user.ts';

const NOT_FOUND = { code: 'subscription-0', title: 'Subscription not found' };

export const subscriptionCases: readonly Case[] = [
  inEveryVoice(['createSubscription'], 'answers a new subscription with the whole object', async (caller) => {
    const { path } = await newUser(caller);
    const token = caller.newEmail('second');
    const body = { subscription: { type: 'Email', token } };
    expectAnswer(await caller.call('POST', `${path}/subscriptions`, body), [201, 202], {
      subscription: { ...subscription, type: 'Email', token, enabled: true, app_id: caller.app },
    });
  }),
  inEveryVoice(
    ['createSubscription'],
    'moves an address that someone else has, and answers 202',
    async (caller) => {
      const [from, to] = [await newUser(caller), await newUser(caller)];
      const body = { subscription: { type: 'Email', token: from.email } };
      expectAnswer(await caller.call('POST', `${to.path}/subscriptions`, body), 202, {
        subscription: { ...subscription, id: from.subscriptionId, token: from.email },
      });
      expectAnswer(await caller.call('GET', from.path), 200, { subscriptions: [] });
    },
  ),
  inEveryVoice(['createSubscription'], 'answers subscription-0 for an unknown user', async (caller) => {
    const path = `/apps/${caller.app}/users/by/external_id/${caller.newName('nobody')}/subscriptions`;
    const answer = await caller.call('POST', path, {
      subscription: { type: 'Email', token: caller.newEmail() },
    });
    expectError(answer, 404, { code: 'subscription-0', title: /./ });
  }),
  once(['createSubscription'], 'keeps every type as typed clients spell it', async (caller) => {
    const { path } = await newUser(caller);
    const web = { web_auth: 'dGVzdA', web_p256: 'dGVzdA' };
    const tokens = {
      SMS: { token: `+1555${Math.floor(1e6 + Math.random() * 9e6)}` },
      iOSPush: { token: caller.newId().replaceAll('-', '').repeat(2), test_type: 1 },
      AndroidPush: { token: caller.newName('fcm'), rooted: false, net_type: 0, carrier: 'A Carrier' },
      HuaweiPush: { token: caller.newName('hms') },
      ChromePush: { token: `https://push.example.com/${caller.newId()}`, ...web },
      FirefoxPush: { token: `https://push.example.com/${caller.newId()}`, ...web },
      SafariPush: { token: `https://push.example.com/${caller.newId()}`, ...web },
    };
    for (const [type, given] of Object.entries(tokens)) {
      const answer = await caller.call('POST', `${path}/subscriptions`, { subscription: { type, ...given } });
      expectAnswer(answer, [201, 202], { subscription: { ...subscription, type, token: given.token } });
    }
  }),
  inEveryVoice(
    ['updateSubscription'],
    'turns a subscription off, and answers 200 with an object',
    async (caller) => {
      const { path, email, subscriptionId } = await newUser(caller);
      const body = { subscription: { type: 'Email', token: email, enabled: false, notification_types: -2 } };
      expectAnswer(
        await caller.call('PATCH', `/apps/${caller.app}/subscriptions/${subscriptionId}`, body),
        200,
        {},
      );
      expectAnswer(await caller.call('GET', path), 200, {
        subscriptions: [{ ...subscription, id: subscriptionId, enabled: false, notification_types: -2 }],
      });
    },
  ),
  inEveryVoice(
    ['updateSubscription'],
    'answers subscription-0 for an unknown id, request-1 for no UUID',
    async (caller) => {
      const body = { subscription: { enabled: true } };
      const at = (id: string) => `/apps/${caller.app}/subscriptions/${id}`;
      expectError(await caller.call('PATCH', at(caller.newId()), body), 404, NOT_FOUND);
      expectError(await caller.call('PATCH', at('123'), body), 400, {
        code: 'request-1',
        title: 'Invalid UUID',
      });
    },
  ),
  inEveryVoice(
    ['updateSubscriptionByToken'],
    'finds an address that is percent-encoded, and answers 202 with an object',
    async (caller) => {
      const { path } = await newUser(caller);
      const token = caller.newEmail('plus+tag');
      await caller.call('POST', `${path}/subscriptions`, { subscription: { type: 'Email', token } });
      const at = (address: string) =>
        `/apps/${caller.app}/subscriptions_by_token/Email/${encodeURIComponent(address)}`;
      const answer = await caller.call('PATCH', at(token), { subscription: { enabled: false } });
      expectAnswer(answer, 202, {});
      const body = { subscription: { enabled: false } };
      expectError(await caller.call('PATCH', at(caller.newEmail('nobody')), body), 404, NOT_FOUND);
    },
  ),
  inEveryVoice(['deleteSubscription'], 'answers 202 {}, then subscription-0', async (caller) => {
    const { subscriptionId } = await newUser(caller);
    const path = `/apps/${caller.app}/subscriptions/${subscriptionId}`;
    expectAnswer(await caller.call('DELETE', path), 202, exactly({}));
    expectError(await caller.call('DELETE', path), 404, NOT_FOUND);
  }),
  once(
    ['deleteSubscription', 'createSubscription'],
    'lets a deleted address come back with a new id',
    async (caller) => {
      const { path, email, subscriptionId } = await newUser(caller);
      await caller.call('DELETE', `/apps/${caller.app}/subscriptions/${subscriptionId}`);
      const body = { subscription: { type: 'Email', token: email } };
      const answer = await caller.call('POST', `${path}/subscriptions`, body);
      expectAnswer(answer, [201, 202], { subscription: { ...subscription, token: email } });
      if (textAt(answer, 'subscription.id') === subscriptionId)
        throw new Error('the id of a deleted subscription came back');
    },
  ),
  inEveryVoice(
    ['transferSubscription'],
    'moves a subscription, and answers with the identity of the new owner',
    async (caller) => {
      const [from, to] = [await newUser(caller), await newUser(caller)];
      const path = `/apps/${caller.app}/subscriptions/${from.subscriptionId}/owner`;
      const answer = await caller.call('PATCH', path, { identity: { external_id: to.externalId } });
      expectAnswer(answer, 200, { identity: exactly({ onesignal_id: to.id, external_id: to.externalId }) });
      expectAnswer(await caller.call('GET', from.path), 200, { subscriptions: [] });
      const unknown = `/apps/${caller.app}/subscriptions/${caller.newId()}/owner`;
      expectError(
        await caller.call('PATCH', unknown, { identity: { external_id: to.externalId } }),
        404,
        NOT_FOUND,
      );
    },
  ),
  once(
    ['createSubscription', 'getUser', 'getAliasesBySubscription'],
    'makes room for the 21st subscription: the oldest leaves to an anonymous user',
    async (caller) => {
      const externalId = caller.newName('crowded');
      const emails = Array.from({ length: 20 }, () => ({ type: 'Email', token: caller.newEmail() }));
      const created = await caller.call('POST', `/apps/${caller.app}/users`, {
        identity: { external_id: externalId },
        subscriptions: emails,
      });
      expectAnswer(created, [200, 201], { subscriptions: emails });
      const path = `/apps/${caller.app}/users/by/external_id/${externalId}`;
      const token = caller.newEmail();
      const body = { subscription: { type: 'Email', token } };
      expectAnswer(await caller.call('POST', `${path}/subscriptions`, body), [201, 202], { subscription });
      const after = await caller.call('GET', path);
      expectAnswer(after, 200, { subscriptions: holding({ token }) });
      const idsOf = ({ body }: typeof after) =>
        (body as { subscriptions: { id: string }[] }).subscriptions.map(({ id }) => id);
      const kept = idsOf(after);
      const [left, ...others] = idsOf(created).filter((id) => !kept.includes(id));
      if (kept.length !== 20 || left === undefined || others.length > 0) {
        throw new Error(`${kept.length} subscriptions are left of 21`);
      }
      const identity = await caller.call('GET', `/apps/${caller.app}/subscriptions/${left}/user/identity`);
      expectAnswer(identity, 200, { identity: exactly({ onesignal_id: uuid }) });
    },
  ),
];
