import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Clock } from '../../../../platform/clock.ts';
import { ApiError } from '../../../../platform/http/api-error.ts';
import type { Http, Routes } from '../../../../platform/http/route.ts';
import type { RecordDeliveryEvents } from '../../delivery-event.ts';
import type { TakeInboundSms } from '../inbound/inbound-sms.ts';
import type { SmsSettings } from '../sms-account.ts';
import { inboundOf } from './read-inbound.ts';
import { isSignedByTwilio } from './signature.ts';
import { eventOfStatus } from './status-event.ts';
import type { StatusLinks } from '../status-links.ts';
import { twimlOf } from './twiml.ts';

export interface TwilioRoutesOptions {
  readonly clock: Clock;
  /** Where Twilio reaches this server: its signature is over the address that it was given. */
  readonly publicUrl: () => string;
  readonly statusLinks: StatusLinks;
  /** What the app sends text messages through now. */
  readonly settingsOf: (appId: string) => Promise<readonly SmsSettings[]>;
  readonly recordDeliveryEvents: RecordDeliveryEvents;
  readonly takeInboundSms: TakeInboundSms;
}

const LARGEST_BODY = 64 * 1024;
const config = { access: 'public', rate: 'unlimited', pages: 'own' } as const;

/**
 * What Twilio tells: `POST /channels/sms/twilio/events/{token}` what became of a message, `POST
 * /apps/{app_id}/channels/sms/twilio/inbound` what a person has texted. Both are signed with the app's auth token,
 * and are answered when what they tell is committed.
 */
export function twilioRoutes(options: TwilioRoutesOptions): Routes {
  return (http) => {
    void http.register(async (scope: Http) => {
      // Forms mostly, and the signature is over what came.
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser<string>('*', { parseAs: 'string' }, keepText);
      addRoutes(scope, options);
    });
  };
}

const keepText = async (_request: FastifyRequest, text: string): Promise<string> => text;

function addRoutes(http: Http, options: TwilioRoutesOptions): void {
  const { clock, statusLinks, recordDeliveryEvents, takeInboundSms } = options;
  http.post(
    '/channels/sms/twilio/events/:token',
    {
      bodyLimit: LARGEST_BODY,
      config,
      schema: { hide: true, params: Type.Object({ token: Type.String() }) },
    },
    async (request, reply) => {
      const subject = statusLinks.read(request.params.token);
      if (subject === null) throw new ApiError('not-found', { params: called(request) });
      await checkSignature(request, subject.appId, options);
      const event = eventOfStatus(subject.reference, paramsOf(request), clock.now());
      if (event !== null) await recordDeliveryEvents([event]);
      return reply.code(204).send();
    },
  );
  http.post(
    '/apps/:app_id/channels/sms/twilio/inbound',
    {
      bodyLimit: LARGEST_BODY,
      config,
      schema: { hide: true, params: Type.Object({ app_id: Type.String() }) },
    },
    async (request, reply) => {
      await checkSignature(request, request.appId, options);
      const sms = inboundOf(request.appId, paramsOf(request), clock.now());
      const answer = sms === null ? null : await takeInboundSms(sms);
      return reply.type('text/xml; charset=utf-8').send(twimlOf(answer));
    },
  );
}

/** Throws ApiError `channel-not-configured` or `twilio-signature`. */
async function checkSignature(
  request: FastifyRequest,
  appId: string,
  { settingsOf, publicUrl }: TwilioRoutesOptions,
): Promise<void> {
  const settings = await settingsOf(appId);
  const tokens = settings.flatMap((one) => (one.kind === 'twilio' ? [one.authToken] : []));
  if (tokens.length === 0) throw new ApiError('channel-not-configured', { params: { channel: 'sms' } });
  const url = publicUrl().replace(/\/+$/, '') + request.originalUrl;
  const signed = {
    url,
    contentType: request.headers['content-type'] ?? '',
    body: bodyOf(request),
    signature: request.headers['x-twilio-signature'],
  };
  // An app may have several accounts with Twilio: each signs what is about its own messages.
  const isSigned = tokens.some((token) => isSignedByTwilio(token, signed));
  if (!isSigned) throw new ApiError('twilio-signature', { params: { url } });
}

function bodyOf({ body }: FastifyRequest): string {
  return typeof body === 'string' ? body : '';
}

function called({ method, originalUrl }: FastifyRequest): { method: string; path: string } {
  return { method, path: originalUrl.split('?')[0] ?? '' };
}

/** The parameters of a form or of a JSON object. */
function paramsOf(request: FastifyRequest): ReadonlyMap<string, string> {
  const body = bodyOf(request);
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) {
    return new Map(new URLSearchParams(body));
  }
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value !== 'object' || value === null) return new Map();
    return new Map(Object.entries(value).map(([name, member]) => [name, String(member)]));
  } catch (error) {
    throw new ApiError('body-malformed', { params: { reason: (error as Error).message }, cause: error });
  }
}
