import type { TestWebhookAnswer, TestWebhookBody } from '@carillon/wire';
import { Breaker } from '../../../platform/breaker.ts';
import { ApiError } from '../../../platform/http/api-error.ts';
import { newId } from '../../../platform/ids.ts';
import type { Identity, UserPlace } from '../../identity/index.ts';
import type { CallContext } from '../calls/append-calls-store.ts';
import { makeCalls } from '../sending/make-calls.ts';
import type { MakeCallsOptions } from '../sending/make-calls.ts';
import type { WebhookSettings } from './webhook-settings.ts';

export interface TestWebhookOptions extends MakeCallsOptions {
  readonly identity: Pick<Identity, 'resolveAliases'>;
}

const NOBODY = '00000000-0000-4000-8000-000000000000';

/** Makes one call, once, and writes it down nowhere. Throws ApiError `webhook-test-user-not-found`. */
export async function testWebhook(
  options: TestWebhookOptions,
  place: { readonly appId: string; readonly id: string },
  settings: WebhookSettings,
  asked: TestWebhookBody,
): Promise<TestWebhookAnswer> {
  const now = options.clock.now();
  const user = await findUser(options, place.appId, asked.external_id);
  const { outcomes, attempts } = await makeCalls(
    { ...options, ...(user === null && { findPeople: async () => madeUpPeople }) },
    place,
    settings,
    [
      {
        ...(user ?? { lane: 0, userId: NOBODY }),
        id: newId(),
        origin: { journey_id: NOBODY, node_id: NOBODY, run_id: NOBODY },
        context: contextOf(asked, now),
        createdAt: new Date(now),
        attempts: 0,
      },
    ],
    new Breaker(0, () => true),
  );
  const [outcome] = outcomes;
  const [attempt] = attempts;
  return {
    outcome: outcome?.state === 'taken' ? 'taken' : 'failed',
    status: attempt?.status ?? null,
    reason: attempt?.reason ?? null,
    milliseconds: attempt?.milliseconds ?? 0,
    url: attempt?.url ?? null,
    request: attempt?.request ?? null,
    answer: attempt?.answer ?? null,
  };
}

async function findUser(
  { identity }: TestWebhookOptions,
  appId: string,
  externalId: string | undefined,
): Promise<UserPlace | null> {
  if (externalId === undefined) return null;
  const user = (await identity.resolveAliases(appId, 'external_id', [externalId])).get(externalId);
  if (user === undefined) {
    throw new ApiError('webhook-test-user-not-found', { params: { external_id: externalId } });
  }
  return user;
}

function contextOf({ events = [{ name: 'test' }] }: TestWebhookBody, now: number): CallContext {
  const timestamp = new Date(now).toISOString();
  return {
    journey: {
      name: 'A test from Carillon',
      events: events.map(({ name, properties = {} }) => ({ name, properties, timestamp })),
    },
  };
}

const madeUpPeople = new Map([
  [
    NOBODY,
    {
      userId: NOBODY,
      externalId: 'test',
      language: 'en',
      timezoneId: null,
      country: null,
      tags: {},
      subscriptions: [
        {
          id: NOBODY,
          type: 'Email',
          subscription_token: 'test@example.com',
          enabled: true,
          email: 'test@example.com',
          phone_number: '',
        },
      ],
    },
  ],
]);
