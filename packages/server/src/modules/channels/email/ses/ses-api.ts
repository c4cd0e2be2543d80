import { signAwsRequest } from '../../../../platform/outbound/index.ts';
import type { OutboundAnswer } from '../../../../platform/outbound/index.ts';
import type { Outcome } from '../../channel.ts';
import { parseJson, textAt } from '../../read-json.ts';
import type { MailApi, MailApiRequest } from '../api/mail-api.ts';
import { tokenOf } from '../api/mail-values.ts';
import { faultOfStatus, notAnAnswer, outcomeOfRefusal } from '../api/refusal.ts';
import type { MailFault } from '../api/refusal.ts';
import type { Mail } from '../mail.ts';
import { writeMail } from '../write-mail.ts';
import type { SesSettings } from './ses-kind.ts';

/** Of a mail as it is written down, and a third more as base64 has it. */
const LARGEST_MAIL = 40 * 1024 * 1024;
const MOST_BYTES = Math.ceil(LARGEST_MAIL / 3) * 4 + 16 * 1024;
/** What events of a mail carry back. */
export const REFERENCE_TAG = 'carillon';

/** `SendEmail` with the mail as it is written here. SES gives it a Message-ID of its own; events tell ours beside it. */
export function sesApi(settings: SesSettings): MailApi {
  const { baseUrl, region, accessKeyId, secretAccessKey, configurationSet } = settings;
  const url = `${baseUrl}/v2/email/outbound-emails`;
  const credentials = { accessKeyId, secretAccessKey, sessionToken: null };
  const headers = { 'Content-Type': 'application/json' };
  return {
    name: 'SES',
    mostBytes: MOST_BYTES,
    compose(mail, now): MailApiRequest {
      const body = JSON.stringify(bodyOf(mail, configurationSet));
      const request = { service: 'ses', region, method: 'POST', url, headers, body } as const;
      return { url, headers: signAwsRequest(request, credentials, now), body };
    },
    readAnswer: readSesAnswer,
  };
}

function bodyOf(mail: Mail, configurationSet: string | null): object {
  const { sender, recipient, pieces } = writeMail(mail);
  return {
    FromEmailAddress: sender,
    Destination: { ToAddresses: [recipient] },
    Content: { Raw: { Data: Buffer.concat(pieces).toString('base64') } },
    EmailTags: [{ Name: REFERENCE_TAG, Value: tokenOf(mail) }],
    ...(configurationSet !== null && { ConfigurationSetName: configurationSet }),
  };
}

/**
 * What SES's codes say. `MessageRejected` is a mail that it finds bad and a sender that is not verified alike: it may
 * be mended.
 */
const FAULTS: Readonly<Record<string, MailFault>> = {
  BadRequestException: 'message',
  ValidationException: 'message',
  MessageRejected: 'settings',
  AccountSuspendedException: 'settings',
  SendingPausedException: 'settings',
  MailFromDomainNotVerifiedException: 'settings',
  NotFoundException: 'settings',
  AccessDeniedException: 'settings',
  UnrecognizedClientException: 'settings',
  InvalidClientTokenId: 'settings',
  InvalidSignatureException: 'settings',
  SignatureDoesNotMatch: 'settings',
  IncompleteSignatureException: 'settings',
  MissingAuthenticationTokenException: 'settings',
  ExpiredTokenException: 'settings',
  OptInRequired: 'settings',
  TooManyRequestsException: 'limited',
  LimitExceededException: 'busy',
  ThrottlingException: 'limited',
  RequestExpired: 'busy',
};

const HINT =
  'look at the key, the region, the configuration set and the verified sender, set with PUT /apps/{app_id}/channels/email';

/** What the answer of SES to a mail means: its code decides, and the status where there is none. */
export function readSesAnswer(answer: OutboundAnswer, now: number): Outcome {
  const { status, headers } = answer;
  const said = parseJson(answer.body.toString('utf8'));
  if (status === 200) {
    const ref = textAt(said, 'MessageId');
    return ref === '' ? notAnAnswer('SES', status) : { state: 'sent', ref };
  }
  // The code may have an address behind it, or a namespace before it.
  const type = headers['x-amzn-errortype'] ?? textAt(said, '__type');
  const code = type.replace(/:.*$/, '').replace(/^.*#/, '');
  // A refusal without a code is not of SES: whatever stands in between may let the next one pass.
  const byStatus = status === 400 ? 'busy' : faultOfStatus(status);
  const fault = FAULTS[code] ?? byStatus;
  const words = textAt(said, 'message') || textAt(said, 'Message');
  const refusal = { provider: 'SES', fault, code: code || status, words, hint: HINT };
  return outcomeOfRefusal(refusal, answer, now);
}
