import type { TokenSigner } from '../../../../platform/crypto/index.ts';
import { isSignedWebhook } from '../../provider-events/signed-webhook.ts';
import { listAt, parseJson, textAt, valueAt } from '../../read-json.ts';
import { readMessageToken } from '../message-id.ts';
import { kindOfBounce } from '../reports/bounce-class.ts';
import type { EmailReport } from '../reports/email-report.ts';
import type { ReportReader } from '../reports/report-reader.ts';
import type { ResendSettings } from './resend-kind.ts';

/** A webhook has one event, signed as Standard Webhooks say, under the names of their first author. */
export const resendReports: ReportReader<ResendSettings> = {
  name: 'Resend',
  proof: 'svix-signature must fit webhook_secret of the settings, and be of the last five minutes',
  isGenuine({ headers, body, now }, { webhookSecret }) {
    if (webhookSecret === null) return false;
    const secret = Buffer.from(webhookSecret.replace(/^whsec_/, ''), 'base64');
    return isSignedWebhook(secret, standardNames(headers), now, body);
  },
  read({ headers, body }, _settings, { signer }) {
    const report = reportOf(parseJson(body), textAt(headers, 'svix-id'), signer);
    return report === null ? [] : [report];
  },
};

function standardNames(headers: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const named = (name: string) => [`webhook-${name}`, headers[`svix-${name}`]] as const;
  return Object.fromEntries([named('id'), named('timestamp'), named('signature')]);
}

type News = Pick<EmailReport, 'kind' | 'reason' | 'url'>;

function reportOf(event: unknown, id: string, signer: TokenSigner): EmailReport | null {
  const data = valueAt(event, 'data');
  // Tags are told as an object, and were once told as they are sent.
  const listed = listAt(data, 'tags').find((tag) => textAt(tag, 'name') === 'carillon');
  const token = textAt(data, 'tags', 'carillon') || textAt(listed, 'value');
  const reference = readMessageToken(signer, token);
  const news = newsOf(textAt(event, 'type'), data);
  const at = Date.parse(textAt(event, 'created_at'));
  if (reference === null || news === null || Number.isNaN(at)) return null;
  return { ...news, reference, at, name: `resend ${id}` };
}

/** Null for what is no news: `sent`, and `delivery_delayed`, which is still under way. */
function newsOf(type: string, data: unknown): News | null {
  switch (type) {
    case 'email.delivered':
      return { kind: 'delivered' };
    case 'email.bounced': {
      const kind = kindOfBounce(textAt(data, 'bounce', 'type') === 'Permanent' ? 'hard' : 'soft');
      return { kind, reason: textAt(data, 'bounce', 'message') };
    }
    case 'email.suppressed':
      return { kind: kindOfBounce('hard'), reason: textAt(data, 'suppressed', 'message') };
    case 'email.failed':
      return { kind: kindOfBounce('blocked'), reason: `Resend: ${textAt(data, 'failed', 'reason')}` };
    case 'email.complained':
      return { kind: 'complained', reason: 'Resend: reported as spam' };
    case 'email.opened':
      return { kind: 'opened' };
    case 'email.clicked':
      return { kind: 'clicked', url: textAt(data, 'click', 'link') };
    default:
      return null;
  }
}
