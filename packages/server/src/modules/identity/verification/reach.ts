import type { IdentityInput, SubscriptionInput } from '@carillon/wire';
import type { Alias } from '../alias.ts';

/** How far a request goes: all that an identity token has to cover for it. */
export interface Reach {
  /** Names of the one user that it is about. */
  readonly names?: readonly Alias[];
  /** Aliases that decide which user is created or changed: the token's have to be among them. */
  readonly creates?: IdentityInput;
  /** Aliases that the user is given. */
  readonly gives?: IdentityInput;
  /** A subscription that must be the user's own, and what becomes of it. */
  readonly owns?: { readonly id: string; readonly change: SubscriptionInput };
  /** Subscriptions that the user is given, new or from someone else. */
  readonly adds?: readonly SubscriptionInput[];
}
