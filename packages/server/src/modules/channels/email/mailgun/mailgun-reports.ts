import { createHmac, timingSafeEqual } from 'node:crypto';
import type { TokenSigner } from '../../../../platform/crypto/index.ts';
import type { DeliveryEventKind } from '../../delivery-event.ts';
import { parseJson, textAt, valueAt } from '../../read-json.ts';
import { readMessageId, readMessageToken } from '../message-id.ts';
import { kindOfBounce } from '../reports/bounce-class.ts';
import type { EmailReport } from '../reports/email-report.ts';
import type { PostedReport, ReportReader } from '../reports/report-reader.ts';
import type { MailgunSettings } from './mailgun-kind.ts';

/** Mailgun goes on trying for eight hours. */
const LATEST_S = 9 * 3_600;
const EARLIEST_S = 300;

/** A webhook has one event. Its signature is in the body, and is over a moment and a token alone. */
export const mailgunReports: ReportReader<MailgunSettings> = {
  name: 'Mailgun',
  proof:
    'the signature in the body must fit webhook_signing_key of the settings, and be of the last nine hours',
  isGenuine: (posted, { webhookSigningKey }) =>
    webhookSigningKey !== null && isSignedByMailgun(webhookSigningKey, posted),
  read({ body }, _settings, { signer }) {
    const report = reportOf(valueAt(parseJson(body), 'event-data'), signer);
    return report === null ? [] : [report];
  },
};

function isSignedByMailgun(key: string, { body, now }: PostedReport): boolean {
  const said = valueAt(parseJson(body), 'signature');
  const timestamp = textAt(said, 'timestamp');
  const age = now / 1_000 - Number(timestamp);
  if (!/^\d{1,12}$/.test(timestamp) || age > LATEST_S || age < -EARLIEST_S) return false;
  const given = Buffer.from(textAt(said, 'signature'), 'hex');
  const expected = createHmac('sha256', key)
    .update(timestamp + textAt(said, 'token'))
    .digest();
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function reportOf(event: unknown, signer: TokenSigner): EmailReport | null {
  const kind = kindOf(event);
  const reference =
    readMessageToken(signer, textAt(event, 'user-variables', 'carillon')) ??
    readMessageId(signer, textAt(event, 'message', 'headers', 'message-id'));
  const seconds = valueAt(event, 'timestamp');
  if (kind === null || reference === null || typeof seconds !== 'number') return null;
  return {
    reference,
    kind,
    at: Math.round(seconds * 1_000),
    name: `mailgun ${textAt(event, 'id')}`,
    ...(kind === 'clicked' && { url: textAt(event, 'url') }),
    ...((kind === 'bounced' || kind === 'soft_bounced') && { reason: whyFailed(event) }),
    ...(kind === 'complained' && { reason: 'Mailgun: reported as spam' }),
    ...(kind === 'unsubscribed' && { reason: 'Mailgun' }),
  };
}

/** Null for what is no news: a mail that is still tried again. */
function kindOf(event: unknown): DeliveryEventKind | null {
  switch (textAt(event, 'event')) {
    case 'delivered':
      return 'delivered';
    case 'failed':
      return textAt(event, 'severity') === 'permanent' ? kindOfFailure(textAt(event, 'reason')) : null;
    case 'rejected':
      return kindOfBounce('blocked');
    case 'complained':
      return 'complained';
    case 'unsubscribed':
      return 'unsubscribed';
    case 'opened':
      return 'opened';
    case 'clicked':
      return 'clicked';
    default:
      return null;
  }
}

/** `bounce` is of the address, and so are Mailgun's own lists; `old`, `generic` and others are of this mail. */
function kindOfFailure(reason: string): DeliveryEventKind {
  switch (reason) {
    case 'bounce':
    case 'suppress-bounce':
      return kindOfBounce('hard');
    case 'suppress-complaint':
      return 'complained';
    case 'suppress-unsubscribe':
      return 'unsubscribed';
    default:
      return kindOfBounce('soft');
  }
}

function whyFailed(event: unknown): string {
  const said = textAt(event, 'delivery-status', 'message') || textAt(event, 'delivery-status', 'description');
  return said || `Mailgun: ${textAt(event, 'reason') || textAt(event, 'reject', 'reason')}`;
}
