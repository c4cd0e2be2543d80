import { timingSafeEqual } from 'node:crypto';
import type { TokenSigner } from '../../../../platform/crypto/index.ts';
import { parseJson, textAt, valueAt } from '../../read-json.ts';
import { readMessageToken } from '../message-id.ts';
import { kindOfBounce } from '../reports/bounce-class.ts';
import type { EmailReport } from '../reports/email-report.ts';
import type { ReportReader } from '../reports/report-reader.ts';
import type { PostmarkSettings } from './postmark-kind.ts';

/** A webhook has one event. Postmark signs nothing: it shows a name and a password, as its webhook has them. */
export const postmarkReports: ReportReader<PostmarkSettings> = {
  name: 'Postmark',
  proof:
    'Authorization must have webhook_user and webhook_password of the settings (HTTP authentication of the webhook)',
  isGenuine({ headers }, { webhookUser, webhookPassword }) {
    if (webhookUser === null || webhookPassword === null) return false;
    const basic = /^Basic (\S+)$/i.exec(textAt(headers, 'authorization'))?.[1] ?? '';
    const given = Buffer.from(basic, 'base64');
    const expected = Buffer.from(`${webhookUser}:${webhookPassword}`);
    return given.length === expected.length && timingSafeEqual(given, expected);
  },
  read({ body }, _settings, { signer }) {
    const report = reportOf(parseJson(body), signer);
    return report === null ? [] : [report];
  },
};

type News = Pick<EmailReport, 'kind' | 'at' | 'reason' | 'url'>;

function reportOf(event: unknown, signer: TokenSigner): EmailReport | null {
  const reference = readMessageToken(signer, textAt(event, 'Metadata', 'carillon'));
  const news = newsOf(event);
  if (reference === null || news === null || Number.isNaN(news.at)) return null;
  const when = new Date(news.at).toISOString();
  return { ...news, reference, name: `postmark ${textAt(event, 'MessageID')} ${when}` };
}

function newsOf(event: unknown): News | null {
  const at = (member: string) => Date.parse(textAt(event, member));
  switch (textAt(event, 'RecordType')) {
    case 'Delivery':
      return { kind: 'delivered', at: at('DeliveredAt') };
    case 'Bounce':
      return bounceOf(event, at('BouncedAt'));
    case 'SpamComplaint':
      return { kind: 'complained', at: at('BouncedAt'), reason: 'Postmark: reported as spam' };
    case 'Open':
      return { kind: 'opened', at: at('ReceivedAt') };
    case 'Click':
      return { kind: 'clicked', at: at('ReceivedAt'), url: textAt(event, 'OriginalLink') };
    case 'SubscriptionChange':
      return hasLeft(event) ? { kind: 'unsubscribed', at: at('ChangedAt'), reason: 'Postmark' } : null;
    default:
      return null;
  }
}

/** Bounces and complaints change subscriptions, too, and are told by themselves. */
function hasLeft(event: unknown): boolean {
  return (
    valueAt(event, 'SuppressSending') === true &&
    textAt(event, 'SuppressionReason') === 'ManualSuppression' &&
    textAt(event, 'Origin') === 'Recipient'
  );
}

/** Postmark's numbers of bounces. All that stand nowhere here say nothing of the address for good. */
const HARD = 1;
const BAD_ADDRESS = 100_000;
const COMPLAINT = 100_001;
const UNSUBSCRIBE = 16;
/** Somebody has answered, by a program: subscribe, auto-responder, another address, a challenge. */
const ANSWERS: ReadonlySet<unknown> = new Set([32, 64, 128, 16_384]);

function bounceOf(event: unknown, at: number): News | null {
  const code = valueAt(event, 'TypeCode');
  if (ANSWERS.has(code)) return null;
  const reason = textAt(event, 'Details') || textAt(event, 'Description');
  switch (code) {
    case HARD:
    case BAD_ADDRESS:
      return { kind: kindOfBounce('hard'), at, reason };
    case COMPLAINT:
      return { kind: 'complained', at, reason: 'Postmark: reported as spam' };
    case UNSUBSCRIBE:
      return { kind: 'unsubscribed', at, reason: 'Postmark' };
    default:
      return { kind: kindOfBounce('soft'), at, reason };
  }
}
