import { Type } from 'typebox';
import type { ProviderKind } from '../../provider-accounts/provider-kind.ts';
import { baseUrlOf, httpsBaseUrlField, readServiceAddress } from '../service-address.ts';
import type { AdmSettings } from './adm-account.ts';

const kind = Type.Literal('adm', { description: 'Amazon Device Messaging.' });
const clientId = Type.String({
  pattern: '^[!-~]{1,256}$',
  description: 'The client id of the app’s security profile: `amzn1.application-oa2-client.…`.',
});

const body = Type.Object(
  {
    kind,
    client_id: clientId,
    client_secret: Type.String({
      minLength: 1,
      maxLength: 1_024,
      description: 'The client secret of the same security profile.',
    }),
    base_url: Type.Optional(httpsBaseUrlField),
  },
  { additionalProperties: false },
);
const shown = Type.Object({ kind, client_id: clientId, base_url: httpsBaseUrlField });

/** Amazon Device Messaging, with the app's security profile. */
export const admKind: ProviderKind<AdmSettings, typeof body, typeof shown> = {
  transport: 'amazon_push',
  kind: 'adm',
  body,
  shown,
  secrets: ['clientSecret'],
  read: ({ client_id, client_secret, base_url }) => ({
    kind: 'adm',
    clientId: client_id,
    clientSecret: client_secret,
    address: readServiceAddress(base_url ?? null),
  }),
  show: ({ clientId: id, address }) => ({ kind: 'adm', client_id: id, base_url: baseUrlOf(address) }),
};
