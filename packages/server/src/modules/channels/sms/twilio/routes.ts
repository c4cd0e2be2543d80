import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Clock } from '../../../../platform/clock.ts';
import { ApiError } from '../../../../platform/http/api-error.ts';
import { membersOf, noSuchRoute, textOf, withRawText } from '../../../../platform/http/raw-text.ts';
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
  return withRawText((http) => addRoutes(http, options));
}

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
      if (subject === null) throw noSuchRoute(request);
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
    body: textOf(request),
    signature: request.headers['x-twilio-signature'],
  };
  // An app may have several accounts with Twilio: each signs what is about its own messages.
  const isSigned = tokens.some((token) => isSignedByTwilio(token, signed));
  if (!isSigned) throw new ApiError('twilio-signature', { params: { url } });
}

/** The parameters of a form or of a JSON object. */
function paramsOf(request: FastifyRequest): ReadonlyMap<string, string> {
  const text = textOf(request);
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) {
    return new Map(new URLSearchParams(text));
  }
  return new Map(Object.entries(membersOf(text)).map(([name, member]) => [name, String(member)]));
}
