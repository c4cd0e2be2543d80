import { keywordOf } from './keywords.ts';
import type { Keyword, KeywordSettings } from './keywords.ts';

/** A text message that a person has sent to an app. */
export interface InboundSms {
  readonly appId: string;
  /** The provider's own name for it: the same message told twice has the same one. */
  readonly id: string;
  /** Who has sent it. */
  readonly from: string;
  /** Which number or messaging service got it. */
  readonly to: string;
  readonly text: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** What the provider has taken it for, obeyed and answered itself. */
  readonly handled: Keyword | null;
}

/** What a person asked of an app. */
export interface KeywordOrder extends Omit<InboundSms, 'handled' | 'text'> {
  readonly keyword: Keyword;
}

/**
 * Does what a keyword asks for, implemented outside of this module: `stop` and `start` turn messages to `from`
 * off and on, for all of the app or for the sender `to`. Resolves when it is committed; asked twice for one id it
 * does no harm.
 */
export type ObeyKeyword = (order: KeywordOrder) => Promise<void>;

/** Takes a text in. Resolves with what is to be answered, null for nothing, when what it asks for is committed. */
export type TakeInboundSms = (sms: InboundSms) => Promise<string | null>;

export interface KeywordDeskOptions {
  readonly settingsOf: (appId: string) => Promise<KeywordSettings>;
  readonly obey: ObeyKeyword;
}

/** Reads what people text back, has keywords obeyed, and knows what is answered. */
export function createKeywordDesk({ settingsOf, obey }: KeywordDeskOptions): TakeInboundSms {
  return async ({ handled, text, ...sms }) => {
    const { words, replies } = await settingsOf(sms.appId);
    const keyword = handled ?? keywordOf(text, words);
    if (keyword === null) return null;
    await obey({ ...sms, keyword });
    return handled === null ? replies[keyword] : null;
  };
}
