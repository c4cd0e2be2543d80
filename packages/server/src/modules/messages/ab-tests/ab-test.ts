import type { AbTestView, Channel, CreateAbTestBody } from '@carillon/wire';

export type WinnerRule = CreateAbTestBody['winner_by'];
export type WinnerReason = NonNullable<AbTestView['winner_reason']>;

/** One of the messages that are tried on the sample. */
export interface Variant {
  readonly name: string;
  /** Of the 10,000 into which the audience is divided. */
  readonly parts: number;
  readonly messageId: string;
}

/** A test as it is kept. Its messages are rows of `messages`, and all that is said and counted is theirs. */
export interface AbTest {
  /** The salt of its slices, too. */
  readonly id: string;
  readonly appId: string;
  readonly name: string | null;
  readonly channel: Channel;
  /** Parts of 10,000. */
  readonly sample: number;
  readonly variants: readonly Variant[];
  readonly winnerBy: WinnerRule;
  /** The name of the outcome that decides, where one does. */
  readonly winnerOutcome: string | null;
  /** Null where the winner is chosen by hand. */
  readonly decidesAt: Date | null;
  readonly state: 'testing' | 'decided' | 'cancelled';
  readonly winner: string | null;
  readonly winnerReason: WinnerReason | null;
  readonly restMessageId: string | null;
  readonly createdAt: Date;
  readonly decidedAt: Date | null;
  readonly cancelledAt: Date | null;
}
