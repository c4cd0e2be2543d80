import { Type } from 'typebox';
import type { ProviderKind } from '../../provider-accounts/provider-kind.ts';
import { baseUrlOf, httpsBaseUrlField, readServiceAddress } from '../service-address.ts';
import type { HuaweiSettings } from './huawei-account.ts';

const kind = Type.Literal('huawei', { description: 'Huawei Push Kit.' });
const number = (description: string) => Type.String({ pattern: '^[0-9]{1,32}$', description });

const appId = number(
  'The app’s id in AppGallery Connect, project settings, which is its client id, too: digits.',
);
const projectId = number(
  'The project’s id. With it messages go through version 2 of the API, without it (or with null) through version 1.',
);

const body = Type.Object(
  {
    kind,
    app_id: appId,
    client_secret: Type.String({
      minLength: 1,
      maxLength: 1_024,
      description: 'The app’s client secret, beside the app’s id.',
    }),
    project_id: Type.Optional(Type.Union([projectId, Type.Null()])),
    base_url: Type.Optional(httpsBaseUrlField),
  },
  { additionalProperties: false },
);
const shown = Type.Object({
  kind,
  app_id: appId,
  project_id: Type.Union([projectId, Type.Null()]),
  base_url: httpsBaseUrlField,
});

/** Huawei Push Kit, with the app's client secret. */
export const huaweiKind: ProviderKind<HuaweiSettings, typeof body, typeof shown> = {
  transport: 'huawei_push',
  kind: 'huawei',
  body,
  shown,
  secrets: ['clientSecret'],
  read: ({ app_id, client_secret, project_id, base_url }) => ({
    kind: 'huawei',
    appId: app_id,
    clientSecret: client_secret,
    projectId: project_id ?? null,
    address: readServiceAddress(base_url ?? null),
  }),
  show: ({ appId: id, projectId: project, address }) => ({
    kind: 'huawei',
    app_id: id,
    project_id: project,
    base_url: baseUrlOf(address),
  }),
};
