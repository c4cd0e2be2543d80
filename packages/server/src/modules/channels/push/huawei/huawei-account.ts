import type { ServiceAddress } from '../service-address.ts';

/** How an app reaches Huawei Push Kit: by the client secret of its app or project in AppGallery Connect. */
export interface HuaweiSettings {
  readonly kind: 'huawei';
  /** The app's id, which is its client id, too. */
  readonly appId: string;
  readonly clientSecret: string;
  /** Set: messages go through version 2 of the API, which serves all apps of a project. */
  readonly projectId: string | null;
  readonly address: ServiceAddress;
}
