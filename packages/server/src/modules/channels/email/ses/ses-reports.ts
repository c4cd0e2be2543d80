import { isSignedBySns, isSnsAddress, readSnsMessage } from '../../../../platform/outbound/index.ts';
import type { SnsMessage } from '../../../../platform/outbound/index.ts';
import { ApiError } from '../../../../platform/http/api-error.ts';
import type { TokenSigner } from '../../../../platform/crypto/index.ts';
import { listAt, parseJson, textAt } from '../../read-json.ts';
import { readMessageId, readMessageToken } from '../message-id.ts';
import type { EmailReport } from '../reports/email-report.ts';
import type { ReportReader, ReportTools } from '../reports/report-reader.ts';
import { Certificates, fetchText } from './certificates.ts';
import { newsOfSes } from './read-ses-event.ts';
import { REFERENCE_TAG } from './ses-api.ts';
import type { SesSettings } from './ses-kind.ts';

const RETRY_S = 5;
const certificates = new Certificates();

/** SES publishes to a topic of Amazon SNS, which posts each event and signs it. */
export const sesReports: ReportReader<SesSettings> = {
  name: 'Amazon SNS',
  proof:
    'the message must be signed by SNS, of the topic that is topic_arn in the settings (leave raw message delivery off)',
  async isGenuine({ body }, settings, tools) {
    const message = readSnsMessage(body);
    // Anybody can have a topic, and SNS signs for them too.
    if (message === null || settings.topicArn === null || message.topicArn !== settings.topicArn)
      return false;
    if (!isOfSns(message.signingCertUrl, settings, tools)) return false;
    const certificate = await certificates.of(message.signingCertUrl, tools.outbound);
    return certificate !== null && isSignedBySns(message, certificate);
  },
  async read({ body }, settings, tools) {
    const message = readSnsMessage(body);
    if (message?.type === 'SubscriptionConfirmation') await confirm(message, settings, tools);
    return message?.type === 'Notification' ? reportsOf(message, tools.signer) : [];
  },
};

/** An address of SNS's own, or of the sandbox where the account is there. */
function isOfSns(address: string, { baseUrl }: SesSettings, { isSandbox }: ReportTools): boolean {
  return isSandbox ? address.startsWith(`${baseUrl}/`) : isSnsAddress(address);
}

/** A topic begins to post when its subscription has been confirmed. */
async function confirm(
  { subscribeUrl }: SnsMessage,
  settings: SesSettings,
  tools: ReportTools,
): Promise<void> {
  if (!isOfSns(subscribeUrl, settings, tools)) return;
  if ((await fetchText(subscribeUrl, tools.outbound)) === null) {
    throw new ApiError('unavailable', { retryAfter: RETRY_S });
  }
}

function reportsOf({ message, messageId }: SnsMessage, signer: TokenSigner): EmailReport[] {
  const event = parseJson(message);
  const news = newsOfSes(event);
  const [tag] = listAt(event, 'mail', 'tags', REFERENCE_TAG);
  const header = listAt(event, 'mail', 'headers').find(
    (one) => textAt(one, 'name').toLowerCase() === 'message-id',
  );
  const reference =
    readMessageToken(signer, typeof tag === 'string' ? tag : '') ??
    readMessageId(signer, textAt(header, 'value')) ??
    readMessageId(signer, textAt(event, 'mail', 'commonHeaders', 'messageId'));
  return news === null || reference === null ? [] : [{ ...news, reference, name: `ses ${messageId}` }];
}
