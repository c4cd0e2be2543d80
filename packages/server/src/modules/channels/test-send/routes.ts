import { testSendAnswer, testSendBody } from '@carillon/wire';
import { Type } from 'typebox';
import type { Clock } from '../../../platform/clock.ts';
import { ApiError } from '../../../platform/http/api-error.ts';
import type { Routes } from '../../../platform/http/route.ts';
import { newTimedId } from '../../../platform/ids.ts';
import type { AppProvider, Outcome } from '../channel.ts';
import { TRANSPORTS } from '../transport.ts';
import type { Transport } from '../transport.ts';
import { findAddressee } from './find-addressee.ts';
import type { SubscriptionSource } from './find-addressee.ts';
import { testContent } from './test-content.ts';

export interface TestSendOptions {
  readonly clock: Clock;
  readonly identity: SubscriptionSource;
  readonly providers: (appId: string, transport: Transport) => Promise<readonly AppProvider<unknown>[]>;
}

const NO_ANSWER: Outcome = { state: 'retry', reason: 'the provider gave no answer', afterMs: null };

/**
 * `POST /apps/{app_id}/channels/{channel}/test`: hands one message to a provider at once, tried once, and tells what
 * it answers. It is in no ledger, and nothing that comes back of it is recorded. An extension of ours.
 */
export function testSendRoutes(options: TestSendOptions): Routes[] {
  return TRANSPORTS.map((transport) => routeOf(transport, options));
}

function routeOf(transport: Transport, { clock, identity, providers }: TestSendOptions): Routes {
  return (http) => {
    http.post(
      `/apps/:app_id/channels/${transport}/test`,
      {
        config: { access: 'app' },
        schema: {
          summary: `Send a test by ${transport}`,
          description: 'Handed to the provider at once, and tried once: the answer tells what it said.',
          params: Type.Object({ app_id: Type.String({ format: 'uuid' }) }),
          body: testSendBody,
          response: { 200: testSendAnswer },
        },
      },
      async ({ appId, body: { provider: name, ...target } }) => {
        const all = await providers(appId, transport);
        if (all.length === 0)
          throw new ApiError('channel-not-configured', { params: { channel: transport } });
        const provider = name === undefined ? all[0] : all.find((one) => one.name === name);
        if (provider === undefined) {
          throw new ApiError('provider-not-found', { params: { channel: transport, name: name ?? '' } });
        }
        const recipient = await findAddressee(identity, appId, transport, target);
        const now = clock.now();
        const content = testContent(transport, appId, now);
        const envelope = { messageId: newTimedId(now), lane: 0, recipient, content, attempt: 1 };
        const from = performance.now();
        const [outcome = NO_ANSWER] = await provider.channel.deliver(provider.account, [envelope]);
        return {
          channel: transport,
          provider: provider.name,
          state: outcome.state,
          reason: outcome.state === 'sent' ? null : outcome.reason,
          provider_message_id: outcome.state === 'sent' ? outcome.ref : null,
          milliseconds: Math.round(performance.now() - from),
        };
      },
    );
  };
}
