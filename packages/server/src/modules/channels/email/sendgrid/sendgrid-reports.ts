import type { TokenSigner } from '../../../../platform/crypto/index.ts';
import type { DeliveryEventKind } from '../../delivery-event.ts';
import { parseJson, textAt, valueAt } from '../../read-json.ts';
import { readMessageId, readMessageToken } from '../message-id.ts';
import { kindOfBounce } from '../reports/bounce-class.ts';
import type { EmailReport } from '../reports/email-report.ts';
import type { ReportReader } from '../reports/report-reader.ts';
import { isSignedBySendGrid } from './event-signature.ts';
import { REFERENCE_ARG } from './sendgrid-api.ts';
import type { SendGridSettings } from './sendgrid-kind.ts';

/** The event webhook: many events in one request, signed with a key of SendGrid's. */
export const sendGridReports: ReportReader<SendGridSettings> = {
  name: 'SendGrid',
  proof:
    'X-Twilio-Email-Event-Webhook-Signature must fit webhook_public_key of the settings (switch on the signed event webhook)',
  isGenuine: (posted, { webhookPublicKey }) =>
    webhookPublicKey !== null && isSignedBySendGrid(webhookPublicKey, posted),
  read({ body }, _settings, { signer }) {
    const events = parseJson(body);
    return Array.isArray(events) ? events.flatMap((event) => reportOf(event, signer) ?? []) : [];
  },
};

function reportOf(event: unknown, signer: TokenSigner): EmailReport | null {
  const kind = kindOf(event);
  const reference =
    readMessageToken(signer, textAt(event, REFERENCE_ARG)) ?? readMessageId(signer, textAt(event, 'smtp-id'));
  const seconds = valueAt(event, 'timestamp');
  if (kind === null || reference === null || typeof seconds !== 'number') return null;
  const url = textAt(event, 'url');
  const reason = textAt(event, 'reason') || textAt(event, 'response');
  return {
    reference,
    kind,
    at: seconds * 1_000,
    name: `sendgrid ${textAt(event, 'sg_event_id')}`,
    ...(kind === 'clicked' && { url }),
    ...((kind === 'bounced' || kind === 'soft_bounced') && reason !== '' && { reason }),
    ...(kind === 'complained' && { reason: 'SendGrid: reported as spam' }),
    ...(kind === 'unsubscribed' && { reason: 'SendGrid' }),
  };
}

/** Null for what is no news: `processed`, and `deferred`, which is still under way. */
function kindOf(event: unknown): DeliveryEventKind | null {
  switch (textAt(event, 'event')) {
    case 'delivered':
      return 'delivered';
    case 'bounce':
      // `blocked`: this mail was refused, and not the address.
      return kindOfBounce(textAt(event, 'type') === 'blocked' ? 'blocked' : 'hard');
    case 'dropped':
      return kindOfDropped(textAt(event, 'reason'));
    case 'spamreport':
      return 'complained';
    case 'unsubscribe':
    case 'group_unsubscribe':
      return 'unsubscribed';
    case 'open':
      return 'opened';
    case 'click':
      return 'clicked';
    default:
      return null;
  }
}

/** Of the reasons that SendGrid lists, these are of the address: its own lists already have it. */
function kindOfDropped(reason: string): DeliveryEventKind {
  switch (reason) {
    case 'Bounced Address':
    case 'Invalid':
      return kindOfBounce('hard');
    case 'Spam Reporting Address':
      return 'complained';
    case 'Unsubscribed Address':
      return 'unsubscribed';
    default:
      return kindOfBounce('blocked');
  }
}
