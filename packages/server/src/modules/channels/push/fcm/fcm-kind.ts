import { Type } from 'typebox';
import type { ProviderKind } from '../../provider-accounts/provider-kind.ts';
import { baseUrlField, baseUrlOf, readServiceAddress } from '../service-address.ts';
import type { FcmSettings } from './fcm-account.ts';
import { readServiceAccount } from './read-service-account.ts';

const kind = Type.Literal('fcm', { description: 'Firebase Cloud Messaging, HTTP v1.' });

const body = Type.Object(
  {
    kind,
    service_account: Type.Union(
      [Type.Record(Type.String(), Type.Unknown()), Type.String({ maxLength: 16_384 })],
      {
        description:
          'The JSON of a service account’s key: Firebase console, project settings, service accounts, “Generate new private key”. As it is, as text or in base64.',
      },
    ),
    base_url: Type.Optional(baseUrlField),
  },
  { additionalProperties: false },
);
const shown = Type.Object({
  kind,
  project_id: Type.String(),
  client_email: Type.String(),
  private_key_id: Type.Union([Type.String(), Type.Null()]),
  base_url: baseUrlField,
});

/** FCM with a service account of the Firebase project. */
export const fcmKind: ProviderKind<FcmSettings, typeof body, typeof shown> = {
  transport: 'android_push',
  kind: 'fcm',
  body,
  shown,
  secrets: ['privateKey'],
  read: ({ service_account, base_url }) => ({
    kind: 'fcm',
    ...readServiceAccount(service_account),
    address: readServiceAddress(base_url ?? null),
  }),
  show: ({ projectId, clientEmail, privateKeyId, address }) => ({
    kind: 'fcm',
    project_id: projectId,
    client_email: clientEmail,
    private_key_id: privateKeyId,
    base_url: baseUrlOf(address),
  }),
};
