import { createPrivateKey } from 'node:crypto';
import { Type } from 'typebox';
import { invalidField } from '../../../../platform/http/invalid-field.ts';
import type { ProviderKind } from '../../provider-accounts/provider-kind.ts';
import { readPem } from '../read-pem.ts';
import { baseUrlField, baseUrlOf, readServiceAddress } from '../service-address.ts';
import type { ApnsKeySettings } from './apns-account.ts';
import { appFields, bundleIdOf } from './apns-app.ts';

const identifier = (description: string) => Type.String({ pattern: '^[A-Z0-9]{10}$', description });

const said = {
  key_id: identifier('The key’s id: ten letters and digits, in the name of its file.'),
  team_id: identifier('The id of your team at Apple: ten letters and digits.'),
  ...appFields,
};
const kind = Type.Literal('apns', { description: 'Apple’s push service, with a signing key (`.p8`).' });

const body = Type.Object(
  {
    kind,
    ...said,
    key: Type.String({
      minLength: 1,
      maxLength: 4_096,
      description: 'What is in the `.p8` file, as it is or in base64.',
    }),
    environment: Type.Optional(said.environment),
    base_url: Type.Optional(baseUrlField),
  },
  { additionalProperties: false },
);
const shown = Type.Object({ kind, ...said, base_url: baseUrlField });

/** APNs with a signing key of the team: it has no end, and serves all apps and both environments. */
export const apnsKind: ProviderKind<ApnsKeySettings, typeof body, typeof shown> = {
  transport: 'ios_push',
  kind: 'apns',
  body,
  shown,
  secrets: ['key'],
  read: ({ key, key_id: keyId, team_id: teamId, bundle_id, environment, base_url }) => ({
    kind: 'apns',
    key: readKey(key),
    keyId,
    teamId,
    bundleId: bundleIdOf(bundle_id),
    environment: environment ?? 'production',
    address: readServiceAddress(base_url ?? null),
  }),
  show: ({ keyId, teamId, bundleId, environment, address }) => ({
    kind: 'apns',
    key_id: keyId,
    team_id: teamId,
    bundle_id: bundleId,
    environment,
    base_url: baseUrlOf(address),
  }),
};

function readKey(text: string): string {
  const pem = readPem(text);
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyDetails?.namedCurve === 'prime256v1') return pem;
  } catch {
    // The refusal below says what is missing.
  }
  throw invalidField(
    'key',
    'must be the text of a .p8 file from Apple: a P-256 private key between the lines BEGIN PRIVATE KEY and END PRIVATE KEY',
  );
}
