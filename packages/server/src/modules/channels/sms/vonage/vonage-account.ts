import { createPrivateKey } from 'node:crypto';
import { Type } from 'typebox';
import { invalidField } from '../../../../platform/http/invalid-field.ts';
import type { ProviderKind } from '../../provider-accounts/provider-kind.ts';
import { readPem } from '../../push/read-pem.ts';
import { givenHttpApi, readHttpApi, showHttpApi, shownHttpApi } from '../../http-api.ts';
import type { HttpApi } from '../../http-api.ts';

export interface VonageSettings extends HttpApi {
  readonly kind: 'vonage';
  readonly applicationId: string;
  /** PEM, RSA: signs the tokens that open the API. */
  readonly privateKey: string;
  /** Of the account: signs what Vonage tells. */
  readonly signatureSecret: string;
  /** Whom messages come from that do not say: a number, a short code, a name, or an RCS agent (rcs:…). */
  readonly from: string;
}

const DEFAULT_BASE_URL = 'https://api.nexmo.com';

const httpApi = shownHttpApi(`Another region's API. ${DEFAULT_BASE_URL} when it is left out.`);
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
  ...httpApi,
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
    ...givenHttpApi(httpApi),
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
    ...readHttpApi(given, DEFAULT_BASE_URL),
  }),
  show: (settings) => ({
    kind: 'vonage',
    application_id: settings.applicationId,
    from: settings.from,
    ...showHttpApi(settings),
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
