import { once } from '../case.ts';
import type { Case } from '../case.ts';
import type { Caller } from '../wire/caller.ts';
import type { Method } from '../operations/operation.ts';
import { exactly } from '../wire/checks.ts';
import type { Answer } from '../wire/exchange.ts';
import { expectAnswer, expectListed, textAt } from '../wire/expect-answer.ts';
import { subscription, user } from './models.ts';

const ORIGIN = 'https://shop.example.com';
/** What the web SDK sends from a page; its worker names the subscription beside. */
const FROM_PAGE = 'content-type,sdk-version';
const FROM_WORKER = 'content-type,onesignal-subscription-id,sdk-version';

const pageHeaders = {
  Origin: ORIGIN,
  Accept: 'application/vnd.onesignal.v1+json',
  'Content-Type': 'application/json;charset=UTF-8',
  'SDK-Version': 'onesignal/web/160608',
};

/** What a browser asks for on behalf of a page of another origin. */
export const pageCases: readonly Case[] = [
  once(
    [
      'createUser',
      'getUser',
      'updateUser',
      'createAlias',
      'deleteAlias',
      'createSubscription',
      'updateSubscription',
      'deleteSubscription',
      'transferSubscription',
      'createCustomEvents',
    ],
    'lets a page of another origin make each of its calls: the preflights of the web SDK',
    async (caller) => {
      const app = `/apps/${caller.app}`;
      const known = `${app}/users/by/onesignal_id/${caller.newId()}`;
      const own = `${app}/subscriptions/${caller.newId()}`;
      const calls: readonly [Method, string, string][] = [
        ['POST', `${app}/users`, FROM_PAGE],
        ['GET', known, 'sdk-version'],
        ['PATCH', known, FROM_PAGE],
        ['PATCH', known, FROM_WORKER],
        ['PATCH', `${known}/identity`, FROM_PAGE],
        ['DELETE', `${known}/identity/external_id`, FROM_PAGE],
        ['POST', `${known}/subscriptions`, FROM_PAGE],
        ['PATCH', own, FROM_PAGE],
        ['DELETE', own, FROM_PAGE],
        ['PATCH', `${own}/owner`, FROM_PAGE],
        ['POST', `${app}/custom_events`, FROM_PAGE],
        ['POST', `${app}/users`, 'authorization,content-type,sdk-version'],
      ];
      for (const [method, path, headers] of calls) {
        for (const prefix of ['', '/api/v1']) {
          const answer = await caller.askBefore(prefix + path, {
            Origin: ORIGIN,
            'Access-Control-Request-Method': method,
            'Access-Control-Request-Headers': headers,
          });
          expectAnswer(answer, [200, 204]);
          expectOpen(answer);
          expectListed(answer, 'Access-Control-Allow-Methods', ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']);
          expectListed(answer, 'Access-Control-Allow-Headers', headers.split(','));
        }
      }
    },
  ),
  once(
    ['createUser', 'updateUser', 'updateSubscription', 'deleteSubscription', 'getUser'],
    'answers a page with JSON that it may read, whatever the status, and tells when to come again',
    async (caller) => {
      const app = `/apps/${caller.app}`;
      const created = await send(caller, 'POST', `${app}/users`, {
        identity: {},
        subscriptions: [
          {
            type: 'ChromePush',
            token: `https://push.example.com/${caller.newId()}`,
            web_auth: 'dGVzdGtleXRlc3RrZXk=',
            web_p256: 'dGVzdGtleXRlc3RrZXk=',
            enabled: true,
            notification_types: 1,
            sdk: '160608',
            device_model: 'Linux x86_64',
            device_os: '156',
          },
        ],
      });
      expectAnswer(created, [200, 201], {
        ...user,
        subscriptions: [{ ...subscription, type: 'ChromePush' }],
      });
      const known = `${app}/users/by/onesignal_id/${textAt(created, 'identity.onesignal_id')}`;
      const own = `${app}/subscriptions/${textAt(created, 'subscriptions.0.id')}`;
      const session = { properties: {}, refresh_device_metadata: true, deltas: { session_count: 1 } };
      expectAnswer(await send(caller, 'PATCH', known, session), 202, { properties: {} });
      const off = { subscription: { type: 'ChromePush', enabled: false, notification_types: -2 } };
      expectAnswer(await send(caller, 'PATCH', own, off), 200, {});
      expectAnswer(await send(caller, 'DELETE', own), 202, exactly({}));
      const nobody = `${app}/users/by/onesignal_id/${caller.newId()}`;
      expectAnswer(await send(caller, 'GET', nobody), 404, { errors: [{ title: /./ }] });
      expectAnswer(await send(caller, 'PATCH', nobody, { properties: { country: 7 } }), 400);
    },
  ),
];

async function send(caller: Caller, method: Method, path: string, body?: object): Promise<Answer> {
  const answer = await caller.sendLetter(method, path, {
    headers: pageHeaders,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  expectOpen(answer);
  expectListed(answer, 'Access-Control-Expose-Headers', ['Retry-After']);
  return answer;
}

function expectOpen(answer: Answer): void {
  expectListed(answer, 'Access-Control-Allow-Origin', [
    answer.headers['access-control-allow-origin'] === '*' ? '*' : ORIGIN,
  ]);
}
