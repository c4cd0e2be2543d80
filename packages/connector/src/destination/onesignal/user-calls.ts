import type { Client } from '@carillon/client';
import type { AddressClaims } from '../address-claims.ts';
import type { Persist } from '../send-message.ts';

/** What the server lists when a user is created that exists: learned from its answers. */
export class WhatIsListed {
  /** All the user's subscriptions: seen as soon as an answer lists one that was not sent. */
  all = false;
}

/** Calls about one user, at its own pace and at that of their class. */
export interface UserCalls {
  readonly client: Client;
  readonly write: Persist;
  readonly view: Persist;
  readonly listed: WhatIsListed;
  readonly claims: AddressClaims;
  readonly signal: AbortSignal;
}
