import { createPrivateKey } from 'node:crypto';
import { Type } from 'typebox';
import { invalidField } from '../../../../platform/http/invalid-field.ts';
import type { ProviderKind } from '../../provider-accounts/provider-kind.ts';
import { readPem } from '../../push/read-pem.ts';
import { readBaseUrl } from '../../base-url.ts';

export interface VonageSettings {
  readonly kind: 'vonage';
  readonly applicationId: string;
  /** PEM, RSA: signs the tokens that open the API. */
  readonly privateKey: string;
  /** Of the account: signs what Vonage tells. */
  readonly signatureSecret: string;
  /** Whom messages come from that do not say: a number, a short code, a name, or an RCS agent (rcs:…). */
  readonly from: string;
  /** Without a slash at the end. */
  readonly baseUrl: string;
  /** Most requests at the same time. */
  readonly connections: number;
}

const DEFAULT_BASE_URL = 'https://api.nexmo.com';
const DEFAULT_CONNECTIONS = 10;
/** As many connections as `Outbound` keeps to a host: more would only wait inside of it. */
const MOST_CONNECTIONS = 32;

const shown = {
  kind: Type.Literal('vonage'),
  application_id: Type.String({
    format: 'uuid',
    description: 'Of an application with the Messages capability.',
  }),
  from: Type.String({
    minLength: 1,
    maxLength: 128,
    description:
      'Whom messages come from that do not say: a number such as +15550100000, a short code, a name, or an RCS agent (rcs:…).',
  }),
  base_url: Type.String({
    format: 'uri',
    maxLength: 320,
    description: `Another region's API. ${DEFAULT_BASE_URL} when it is left out.`,
  }),
  connections: Type.Integer({
    minimum: 1,
    maximum: MOST_CONNECTIONS,
    description: 'Most requests at a time.',
  }),
};
const shownAccount = Type.Object(shown);

const body = Type.Object(
  {
    ...shown,
    private_key: Type.String({
      minLength: 1,
      maxLength: 16_384,
      description: 'The private key of the application, PEM or its base64.',
    }),
    signature_secret: Type.String({
      minLength: 1,
      maxLength: 200,
      description: 'The signature secret of the account: it signs what Vonage tells.',
    }),
    base_url: Type.Optional(shown.base_url),
    connections: Type.Optional(shown.connections),
  },
  { additionalProperties: false },
);

/** Vonage's Messages API. */
export const vonageKind: ProviderKind<VonageSettings, typeof body, typeof shownAccount> = {
  transport: 'sms',
  kind: 'vonage',
  body,
  shown: shownAccount,
  secrets: ['privateKey', 'signatureSecret'],
  read: (given) => ({
    kind: 'vonage',
    applicationId: given.application_id.toLowerCase(),
    privateKey: readKey(given.private_key),
    signatureSecret: given.signature_secret,
    from: given.from,
    baseUrl: readBaseUrl(given.base_url ?? DEFAULT_BASE_URL),
    connections: given.connections ?? DEFAULT_CONNECTIONS,
  }),
  show: ({ applicationId, from, baseUrl, connections }) => ({
    kind: 'vonage',
    application_id: applicationId,
    from,
    base_url: baseUrl,
    connections,
  }),
};

function readKey(given: string): string {
  const pem = readPem(given);
  try {
    if (createPrivateKey(pem).asymmetricKeyType === 'rsa') return pem;
  } catch {
    // The refusal below says what is missing.
  }
  throw invalidField(
    'private_key',
    'must be a whole RSA private key in PEM, with its line breaks, or its base64: send private.key as Vonage gave it out',
  );
}
