import { SMS_KEYWORDS } from '@carillon/wire';
import type { OptOutScope, SmsKeyword } from '@carillon/wire';

/** What a person asks for with one word: no more messages, messages again, or who this is. */
export type Keyword = SmsKeyword;

export type KeywordWords = Readonly<Record<Keyword, readonly string[]>>;

/** What an app answers, and which words of its own it takes besides the fixed ones. */
export interface KeywordSettings {
  readonly words: KeywordWords;
  /** What is answered; null: nothing. */
  readonly replies: Readonly<Record<Keyword, string | null>>;
  /** What STOP ends and START brings back: all texts of the app, or those from the number that it was sent to. */
  readonly scope: OptOutScope;
}

/** Words that mean the same for every app: networks and people rely on them, so that none can be taken away. */
export const FIXED_WORDS: KeywordWords = {
  stop: ['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT', 'REVOKE', 'OPTOUT'],
  start: ['START', 'UNSTOP', 'YES'],
  help: ['HELP', 'INFO'],
};

/** What is taken and answered for an app that has set nothing. */
export const USUAL_KEYWORDS: KeywordSettings = {
  scope: 'app',
  words: { stop: [], start: [], help: [] },
  replies: {
    stop: 'You will get no more messages from us. Reply START to get them again.',
    start: 'You will get our messages again. Reply STOP to end them.',
    help: 'We send messages to whoever has asked for them. Reply STOP to end them.',
  },
};

/** What is answered instead where an order is about one number. */
export const REPLIES_OF_SENDER: KeywordSettings['replies'] = {
  stop: 'You will get no more messages from this number. Reply START to get them again.',
  start: 'You will get our messages from this number again. Reply STOP to end them.',
  help: USUAL_KEYWORDS.replies.help,
};

/**
 * The keyword that a text is, or null. Case, blanks around it and punctuation do not matter; a word among
 * others is no keyword: "please stop by tomorrow" ends nothing.
 */
export function keywordOf(text: string, more?: KeywordWords): Keyword | null {
  const said = plainWord(text);
  if (said === '') return null;
  const has = (words: readonly string[]) => words.some((word) => plainWord(word) === said);
  return (
    SMS_KEYWORDS.find((keyword) => has(FIXED_WORDS[keyword])) ??
    SMS_KEYWORDS.find((keyword) => more !== undefined && has(more[keyword])) ??
    null
  );
}

/** A word as it is compared: two that differ only in case, punctuation or blanks are one. */
export function plainWord(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[\p{P}\p{S}\p{Cf}]/gu, '')
    .replace(/\s+/g, ' ')
    .trim()
    .toUpperCase();
}
