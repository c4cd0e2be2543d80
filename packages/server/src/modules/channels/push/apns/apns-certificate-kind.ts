import { createSecureContext } from 'node:tls';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { invalidField } from '../../../../platform/http/invalid-field.ts';
import type { ProviderKind } from '../../provider-accounts/provider-kind.ts';
import { readPem } from '../read-pem.ts';
import { baseUrlField, baseUrlOf, readServiceAddress } from '../service-address.ts';
import type { ApnsCertificateSettings } from './apns-account.ts';
import { appFields, bundleIdOf } from './apns-app.ts';

const kind = Type.Literal('apns_certificate', {
  description:
    'Apple’s push service, with a certificate of the app: as `p12`, or as `certificate` and `private_key`.',
});
const secret = (description: string) =>
  Type.Optional(Type.String({ minLength: 1, maxLength: 32_768, description }));

const body = Type.Object(
  {
    kind,
    ...appFields,
    environment: Type.Optional(appFields.environment),
    p12: secret('The `.p12` file, in base64.'),
    p12_password: Type.Optional(
      Type.String({ maxLength: 1_024, description: 'Its password, where it has one.' }),
    ),
    certificate: secret('PEM, as it is or in base64, with the certificates between it and Apple’s, if any.'),
    private_key: secret('PEM of the key that belongs to `certificate`, without a password.'),
    base_url: Type.Optional(baseUrlField),
  },
  { additionalProperties: false },
);
const shown = Type.Object({ kind, ...appFields, base_url: baseUrlField });

/** APNs with a certificate: of one app, and for a year. */
export const apnsCertificateKind: ProviderKind<ApnsCertificateSettings, typeof body, typeof shown> = {
  transport: 'ios_push',
  kind: 'apns_certificate',
  body,
  shown,
  secrets: ['p12', 'p12Password', 'certificate', 'privateKey'],
  read: (given) => ({
    kind: 'apns_certificate',
    ...readCertificate(given),
    bundleId: bundleIdOf(given.bundle_id),
    environment: given.environment ?? 'production',
    address: readServiceAddress(given.base_url ?? null),
  }),
  show: ({ bundleId, environment, address }) => ({
    kind: 'apns_certificate',
    bundle_id: bundleId,
    environment,
    base_url: baseUrlOf(address),
  }),
};

type Certificate = Pick<ApnsCertificateSettings, 'p12' | 'p12Password' | 'certificate' | 'privateKey'>;

function readCertificate({
  p12,
  p12_password: password,
  certificate,
  private_key: privateKey,
}: Static<typeof body>): Certificate {
  if (p12 !== undefined) {
    if (certificate !== undefined || privateKey !== undefined) {
      throw invalidField('p12', 'must stand alone: leave certificate and private_key out');
    }
    checkIdentity('p12', { pfx: Buffer.from(p12, 'base64'), passphrase: password ?? '' }, OPEN_P12);
    return { p12, p12Password: password ?? null, certificate: null, privateKey: null };
  }
  if (certificate === undefined)
    throw invalidField('certificate', 'is missing: give p12, or certificate and private_key');
  if (privateKey === undefined) throw invalidField('private_key', 'is missing beside certificate');
  const pair = { cert: readPem(certificate), key: readPem(privateKey) };
  checkIdentity(
    'certificate',
    pair,
    'must be a certificate in PEM, and private_key the key that belongs to it',
  );
  return { p12: null, p12Password: null, certificate: pair.cert, privateKey: pair.key };
}

/** Files from older programs are locked in a way that OpenSSL 3 does not open any more. */
const OPEN_P12 =
  'must be a .p12 file in base64 that p12_password opens. A file from an older program may have to be read with `openssl pkcs12 -legacy -in file.p12 -nodes`: send the parts that it prints as certificate and private_key';

function checkIdentity(field: string, identity: object, rule: string): void {
  try {
    createSecureContext(identity);
  } catch {
    throw invalidField(field, rule);
  }
}
