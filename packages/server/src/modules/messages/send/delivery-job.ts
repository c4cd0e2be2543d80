import type { Recipient } from '../../identity/index.ts';
import type { Content } from '../../templates/index.ts';
import type { Message } from '../message.ts';

/** A page of a message, on its way out. */
export interface DeliveryJob<Said extends Content = Content> {
  readonly message: Message<Said>;
  /** The lane of the ledger rows: a recipient may live elsewhere by now. */
  readonly lane: number;
  /** Those that can be reached. */
  readonly recipients: readonly Recipient[];
  /** 1 for the first hand-over. */
  readonly attempt: (subscriptionId: string) => number;
  /** They have been tried, or have waited for their turn. */
  readonly isBack: (subscriptionId: string) => boolean;
}
