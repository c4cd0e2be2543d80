import { Type } from 'typebox';
import type { Clock } from '../../../../platform/clock.ts';
import { ApiError } from '../../../../platform/http/api-error.ts';
import { textOf, withRawText } from '../../../../platform/http/raw-text.ts';
import type { Http, Routes } from '../../../../platform/http/route.ts';
import type { RecordDeliveryEvents } from '../../delivery-event.ts';
import type { Unsubscribe } from '../../tracking/unsubscribe-routes.ts';
import type { EmailSettings } from '../email-account.ts';
import { eventOfReport } from './email-report.ts';
import type { EmailReport } from './email-report.ts';
import { readerFor } from './report-readers.ts';
import type { PostedReport, ReportTools } from './report-reader.ts';
import type { MailApiSettings } from '../api/mail-apis.ts';

export interface EmailReportRoutesOptions extends Pick<ReportTools, 'signer'> {
  readonly clock: Clock;
  /** How the provider of an account is reached. */
  readonly reachOf: (settings: MailApiSettings) => Omit<ReportTools, 'signer'>;
  /** All that the app sends email through now. */
  readonly settingsOf: (appId: string) => Promise<readonly EmailSettings[]>;
  readonly recordDeliveryEvents: RecordDeliveryEvents;
  readonly unsubscribe: Unsubscribe;
}

/** SendGrid sends up to about 768 kB at a time, and the others one event. */
const LARGEST_BODY = 2 * 1024 * 1024;
const EVENTS_AT_ONCE = 1_000;
/** Postmark shows a name and a password there. */
const ownAuthorization = true;
const config = { access: 'public', ownAuthorization, rate: 'unlimited', pages: 'own' } as const;

/**
 * `POST /apps/{app_id}/channels/email/{sendgrid, …}/events`: what an app's provider tells of mails. Each is shown to
 * be the provider's as that provider does it, and is answered when what it tells is committed: whoever gets another
 * answer tells it again.
 */
export function emailReportRoutes(options: EmailReportRoutesOptions): Routes {
  // Amazon SNS calls its JSON text/plain, too.
  return withRawText((http) => addRoute(http, options));
}

function addRoute(http: Http, options: EmailReportRoutesOptions): void {
  const { clock, settingsOf, recordDeliveryEvents, unsubscribe } = options;
  http.post(
    '/apps/:app_id/channels/email/:provider/events',
    {
      bodyLimit: LARGEST_BODY,
      config,
      schema: {
        hide: true,
        params: Type.Object({ app_id: Type.String(), provider: Type.String() }),
        response: { 200: Type.Object({ recorded: Type.Integer() }) },
      },
    },
    async (request) => {
      const { appId, params, headers } = request;
      const accounts = (await settingsOf(appId))
        .filter(isMailApi)
        .filter(({ kind }) => kind === params.provider);
      const posted = { headers, body: textOf(request), now: clock.now() };
      const reports = await readReports(posted, accounts, options);
      const events = reports.map((report) => ({ ...eventOfReport(report), appId }));
      for (const { kind: told, subscriptionId, reason = '' } of events) {
        if (told === 'unsubscribed') await unsubscribe(appId, subscriptionId, reason);
      }
      for (let from = 0; from < events.length; from += EVENTS_AT_ONCE) {
        await recordDeliveryEvents(events.slice(from, from + EVENTS_AT_ONCE));
      }
      return { recorded: events.length };
    },
  );
}

/** As the account tells it that proves it. Throws ApiError `channel-not-configured` or `email-report-unproven`. */
async function readReports(
  posted: PostedReport,
  accounts: readonly MailApiSettings[],
  { signer, reachOf }: EmailReportRoutesOptions,
): Promise<EmailReport[]> {
  const [first] = accounts;
  if (first === undefined) throw new ApiError('channel-not-configured', { params: { channel: 'email' } });
  for (const settings of accounts) {
    const reader = readerFor(settings);
    const tools = { signer, ...reachOf(settings) };
    if (await reader.isGenuine(posted, settings, tools)) return reader.read(posted, settings, tools);
  }
  const { name: provider, proof } = readerFor(first);
  throw new ApiError('email-report-unproven', { params: { provider, proof } });
}

function isMailApi(settings: EmailSettings): settings is MailApiSettings {
  return settings.kind !== 'smtp' && settings.kind !== 'null';
}
