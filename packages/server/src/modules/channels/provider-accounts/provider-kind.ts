import type { Static, TObject } from 'typebox';
import type { Transport } from '../transport.ts';

/**
 * One kind of provider that an app can send through: which settings it takes through the API, keeps sealed in
 * the database as JSON, and shows again without its secrets.
 */
export interface ProviderKind<
  Settings extends { readonly kind: string },
  Body extends TObject = TObject,
  Shown extends TObject = TObject,
> {
  readonly transport: Transport;
  readonly kind: Settings['kind'];
  /** The body of `PUT /apps/{app_id}/channels/{transport}`, with `kind` as a literal. */
  readonly body: Body;
  /** What is shown of it. */
  readonly shown: Shown;
  /** Settings whose values nobody is shown: the audit log tells that they are set or changed, and no more. */
  readonly secrets: readonly (keyof Settings & string)[];
  /** Throws ApiError for what a shape cannot tell, such as a private key that is none. */
  read(body: Static<Body>): Settings;
  show(settings: Settings): Static<Shown>;
}

/** A kind among others, whose settings only it can read. */
export type AnyProviderKind = Omit<ProviderKind<{ readonly kind: string }>, 'secrets'> & {
  readonly secrets: readonly string[];
};
