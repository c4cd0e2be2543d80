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
  /**
   * Settings whose values nobody is shown: the audit log tells that they are set or changed, and no more. One inside
   * of another is named with a dot: `dkim.privateKey`.
   */
  readonly secrets: readonly SecretName<Settings>[];
  /**
   * Throws ApiError for what a shape cannot tell, such as a private key that is none. `before` is what the app has
   * of this kind, for what stays until it is given anew.
   */
  read(body: Static<Body>, before?: Settings | null): Settings;
  show(settings: Settings): Static<Shown>;
}

type SecretName<Settings> = {
  [Name in keyof Settings & string]:
    | Name
    | (NonNullable<Settings[Name]> extends object
        ? `${Name}.${keyof NonNullable<Settings[Name]> & string}`
        : never);
}[keyof Settings & string];

/** A kind among others, whose settings only it can read. */
export type AnyProviderKind = Omit<ProviderKind<{ readonly kind: string }>, 'secrets'> & {
  readonly secrets: readonly string[];
};
