import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Clock } from '../../../../platform/clock.ts';
import { ApiError } from '../../../../platform/http/api-error.ts';
import { membersOf, noSuchRoute, textOf, withRawText } from '../../../../platform/http/raw-text.ts';
import type { Http, Routes } from '../../../../platform/http/route.ts';
import type { ProviderAccount } from '../../channel.ts';
import type { RecordDeliveryEvents } from '../../delivery-event.ts';
import type { InboundSms, TakeInboundSms } from '../inbound/inbound-sms.ts';
import type { SmsSettings } from '../sms-account.ts';
import type { StatusLinks } from '../status-links.ts';
import { eventOfReport, inboundOf } from './read-webhook.ts';
import { isSignedByVonage } from './signature.ts';

export interface VonageRoutesOptions {
  readonly clock: Clock;
  readonly statusLinks: StatusLinks;
  /** What the app sends text messages through now. */
  readonly accountsOf: (appId: string) => Promise<readonly ProviderAccount<SmsSettings>[]>;
  readonly recordDeliveryEvents: RecordDeliveryEvents;
  readonly takeInboundSms: TakeInboundSms;
  /** Sends an answer through the account that a text came from. Never rejects. */
  readonly reply: (account: ProviderAccount<SmsSettings>, sms: InboundSms, text: string) => Promise<void>;
}

const LARGEST_BODY = 64 * 1024;
const config = { access: 'public', rate: 'unlimited', pages: 'own' } as const;

/**
 * What Vonage tells: `POST /channels/sms/vonage/events/{token}` what became of a message, `POST
 * /apps/{app_id}/channels/sms/vonage/inbound` what a person has texted. Both are signed with the account's signature
 * secret, and are answered when what they tell is committed: Vonage tells again what was not answered well, for a day.
 */
export function vonageRoutes(options: VonageRoutesOptions): Routes {
  return withRawText((http) => addRoutes(http, options));
}

function addRoutes(http: Http, options: VonageRoutesOptions): void {
  const { clock, statusLinks, recordDeliveryEvents, takeInboundSms, reply } = options;
  http.post(
    '/channels/sms/vonage/events/:token',
    {
      bodyLimit: LARGEST_BODY,
      config,
      schema: { hide: true, params: Type.Object({ token: Type.String() }) },
    },
    async (request, answer) => {
      const subject = statusLinks.read(request.params.token);
      if (subject === null) throw noSuchRoute(request);
      const { said } = await readSigned(request, subject.appId, options);
      const event = eventOfReport(subject.reference, said, clock.now());
      if (event !== null) await recordDeliveryEvents([event]);
      return answer.code(204).send();
    },
  );
  http.post(
    '/apps/:app_id/channels/sms/vonage/inbound',
    {
      bodyLimit: LARGEST_BODY,
      config,
      schema: { hide: true, params: Type.Object({ app_id: Type.String() }) },
    },
    async (request, answer) => {
      const { said, account } = await readSigned(request, request.appId, options);
      const sms = inboundOf(request.appId, said, clock.now());
      const text = sms === null ? null : await takeInboundSms(sms);
      if (sms !== null && text !== null) await reply(account, sms, text);
      return answer.code(204).send();
    },
  );
}

/** What Vonage has said, and to which of the app's accounts. */
interface Signed {
  readonly said: Readonly<Record<string, unknown>>;
  readonly account: ProviderAccount<SmsSettings>;
}

/** Throws ApiError `channel-not-configured`, `vonage-signature` or `body-malformed`. */
async function readSigned(
  request: FastifyRequest,
  appId: string,
  { accountsOf }: VonageRoutesOptions,
): Promise<Signed> {
  const accounts = (await accountsOf(appId)).filter(({ settings }) => settings.kind === 'vonage');
  if (accounts.length === 0) throw new ApiError('channel-not-configured', { params: { channel: 'sms' } });
  const body = textOf(request);
  const { authorization } = request.headers;
  // An app may have several applications at Vonage: each is told of its own messages.
  const account = accounts.find(
    ({ settings }) =>
      settings.kind === 'vonage' &&
      isSignedByVonage(settings.signatureSecret, {
        authorization,
        body,
        applicationId: settings.applicationId,
      }),
  );
  if (account === undefined) throw new ApiError('vonage-signature');
  return { said: membersOf(body), account };
}
