import { verify, X509Certificate } from 'node:crypto';

/** What Amazon SNS posts to a subscribed address. */
export interface SnsMessage {
  readonly type: 'Notification' | 'SubscriptionConfirmation' | 'UnsubscribeConfirmation';
  readonly topicArn: string;
  readonly messageId: string;
  /** What was published; of a confirmation, a sentence. */
  readonly message: string;
  /** Of a confirmation: a GET of it confirms. */
  readonly subscribeUrl: string;
  readonly signatureVersion: string;
  readonly signature: string;
  readonly signingCertUrl: string;
  /** What the signature is over. */
  readonly signedText: string;
}

const SIGNED = {
  Notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
  SubscriptionConfirmation: [
    'Message',
    'MessageId',
    'SubscribeURL',
    'Timestamp',
    'Token',
    'TopicArn',
    'Type',
  ],
  UnsubscribeConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
} as const;

/** Null for what is no message of SNS. */
export function readSnsMessage(body: string): SnsMessage | null {
  const said = readObject(body);
  const text = (name: string) => {
    const value = said[name];
    return typeof value === 'string' ? value : '';
  };
  const type = text('Type') as SnsMessage['type'];
  if (!Object.hasOwn(SIGNED, type)) return null;
  // The subject alone may be absent, and is left out then.
  const names = SIGNED[type].filter((name) => name !== 'Subject' || text(name) !== '');
  return {
    type,
    topicArn: text('TopicArn'),
    messageId: text('MessageId'),
    message: text('Message'),
    subscribeUrl: text('SubscribeURL'),
    signatureVersion: text('SignatureVersion'),
    signature: text('Signature'),
    signingCertUrl: text('SigningCertURL'),
    signedText: names.map((name) => `${name}\n${text(name)}\n`).join(''),
  };
}

/** Whether an address is SNS's own: certificates and confirmations from elsewhere prove nothing. */
export function isSnsAddress(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname, port, username } = new URL(address);
  const isOurs = /^sns\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?$/.test(hostname);
  return protocol === 'https:' && isOurs && port === '' && username === '';
}

/** Whether whoever has the certificate's key has signed the message: version 1 with SHA-1, version 2 with SHA-256. */
export function isSignedBySns(message: SnsMessage, certificate: string): boolean {
  const hash = { '1': 'sha1', '2': 'sha256' }[message.signatureVersion];
  if (hash === undefined) return false;
  try {
    const { publicKey } = new X509Certificate(certificate);
    return verify(hash, Buffer.from(message.signedText), publicKey, Buffer.from(message.signature, 'base64'));
  } catch {
    return false;
  }
}

function readObject(body: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
