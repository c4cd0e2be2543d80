import type { Keyword } from '../keywords/keywords.ts';

/** Which piece of a long text one is. */
export interface PieceOfText {
  /** The same for all pieces of a text. */
  readonly reference: number;
  /** From 1. */
  readonly number: number;
  readonly total: number;
}

/** A text message that a person has sent to an app. */
export interface InboundSms {
  readonly appId: string;
  /** The provider's own name for it: the same message told twice has the same one. */
  readonly id: string;
  /** False: the provider has no names for texts. It is made of what was said, and two texts may share it. */
  readonly hasOwnId: boolean;
  /** Who has sent it. */
  readonly from: string;
  /** Which number or messaging service got it. */
  readonly to: string;
  readonly text: string;
  /** Pictures and files that came with it, where the provider keeps them. */
  readonly mediaUrls: readonly string[];
  /** Null for a text in one piece. A piece is no keyword. */
  readonly part: PieceOfText | null;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** What the provider has taken it for, obeyed and answered itself. */
  readonly handled: Keyword | null;
}

/** What a person asked of an app. */
export interface KeywordOrder extends Pick<InboundSms, 'appId' | 'id' | 'from' | 'to' | 'at'> {
  readonly keyword: Keyword;
}

/**
 * Does what a keyword asks for, implemented outside of this module: `stop` and `start` turn all messages of the app to
 * `from` off and on. Resolves when it is committed; asked twice for one id it
 * does no harm.
 */
export type ObeyKeyword = (order: KeywordOrder) => Promise<void>;

/**
 * Takes a text in, once: told again, it is neither obeyed nor answered. Only a STOP that may be another one is obeyed. Resolves with what is to be answered, null
 * for nothing, when what it asks for is committed.
 */
export type TakeInboundSms = (sms: InboundSms) => Promise<string | null>;
