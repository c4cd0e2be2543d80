import type { Outcome } from '../channel.ts';

/** Uninstalled, or the permission taken back, as learned from the push service. */
const GONE = -10;

/**
 * Whether an account is known to be the right one for its devices. Some services say the same of a token that has
 * ended and of one of another app: with the account of a wrong app every token would be answered so, and all
 * subscriptions would be gone for one wrong setting. So it ends one only after the account has sent something.
 */
export class ProvenAccount {
  #isProven = false;

  prove(): void {
    this.#isProven = true;
  }

  /** What becomes of a message whose token is none of the account's app, or of no app any more. */
  refusalOfToken(reason: string): Outcome {
    if (this.#isProven) return { state: 'failed', reason, address: { notificationTypes: GONE } };
    return {
      state: 'failed',
      reason: `${reason}; the subscription stays: nothing was sent through this account yet`,
    };
  }
}
