import { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Clock } from '../../../platform/clock.ts';
import type { TokenSigner } from '../../../platform/crypto/index.ts';
import { ApiError } from '../../../platform/http/api-error.ts';
import type { Routes } from '../../../platform/http/route.ts';
import type { RecordDeliveryEvents } from '../delivery-event.ts';
import { emailEventsBody, readEmailEvents, reportSecret } from './email-events.ts';
import { isSignedWebhook } from './signed-webhook.ts';

export interface ProviderEventsOptions {
  readonly signer: TokenSigner;
  readonly clock: Clock;
  readonly recordDeliveryEvents: RecordDeliveryEvents;
}

const LARGEST_BODY = 2 * 1024 * 1024;

/**
 * `POST /channels/email/events`: what became of mails after they were handed over, told by the mail
 * provider. Answers when the events are committed, so whoever reports can try again without loss.
 */
export function providerEventsRoutes({ signer, clock, recordDeliveryEvents }: ProviderEventsOptions): Routes {
  const secret = reportSecret(signer);
  const bodies = new WeakMap<FastifyRequest, string>();
  return (http) => {
    http.post(
      '/channels/email/events',
      {
        bodyLimit: LARGEST_BODY,
        config: { access: 'public' },
        schema: {
          summary: 'Report what became of emails',
          description: 'For mail providers. Signed after the Standard Webhooks specification.',
          body: emailEventsBody,
          response: { 200: Type.Object({ recorded: Type.Integer() }) },
        },
        // The signature is over the bytes that were sent, not over what parsing makes of them.
        preParsing: async (request, _reply, payload) => {
          const text = await readText(payload);
          bodies.set(request, text);
          return Readable.from([Buffer.from(text)]);
        },
        preHandler: async (request) => {
          const text = bodies.get(request) ?? '';
          if (!isSignedWebhook(secret, request.headers, clock.now(), text))
            throw new ApiError('provider-event-signature');
        },
      },
      async ({ body }) => {
        const events = readEmailEvents(signer, body.events);
        if (events.length > 0) await recordDeliveryEvents(events);
        return { recorded: events.length };
      },
    );
  };
}

async function readText(payload: AsyncIterable<unknown>): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of payload) {
    length += (chunk as Buffer).length;
    if (length > LARGEST_BODY) throw new ApiError('provider-event-signature');
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}
