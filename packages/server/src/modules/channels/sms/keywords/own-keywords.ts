import { SMS_KEYWORDS } from '@carillon/wire';
import type { SmsKeywordsBody, SmsKeywordsView } from '@carillon/wire';
import { FIXED_WORDS, USUAL_KEYWORDS } from './keywords.ts';
import type { Keyword, KeywordSettings } from './keywords.ts';

/** What is set of one order; what is absent is as for the app, or for every app. */
export interface OwnOrder {
  readonly words?: readonly string[];
  readonly reply?: string | null;
}

export type OwnOrders = Readonly<Partial<Record<Keyword, OwnOrder>>>;

/** What an app has set. Kept as JSON. */
export interface OwnKeywords extends OwnOrders {
  readonly senders: readonly ({ readonly sender: string } & OwnOrders)[];
}

export const NO_KEYWORDS: OwnKeywords = { senders: [] };

/** What is taken and answered for texts to one of an app's numbers. */
export function keywordsFor(own: OwnKeywords, sender: string): KeywordSettings {
  const ofApp = withOrders(USUAL_KEYWORDS, own);
  const ofSender = own.senders.find((one) => bare(one.sender) === bare(sender));
  return ofSender === undefined ? ofApp : withOrders(ofApp, ofSender);
}

/** `settings` with what `orders` name in its place. */
export function withOrders(settings: KeywordSettings, orders: OwnOrders): KeywordSettings {
  const words = { ...settings.words };
  const replies = { ...settings.replies };
  for (const keyword of SMS_KEYWORDS) {
    const order = orders[keyword];
    if (order?.words !== undefined) words[keyword] = order.words;
    if (order?.reply !== undefined) replies[keyword] = order.reply;
  }
  return { words, replies };
}

export function presentKeywords(own: OwnKeywords, updatedAt: Date | null): SmsKeywordsView {
  const { words, replies } = withOrders(USUAL_KEYWORDS, own);
  const of = (keyword: Keyword) => ({ words: [...words[keyword]], reply: replies[keyword] });
  return {
    fixed_words: { stop: [...FIXED_WORDS.stop], start: [...FIXED_WORDS.start], help: [...FIXED_WORDS.help] },
    stop: of('stop'),
    start: of('start'),
    help: of('help'),
    senders: own.senders as NonNullable<SmsKeywordsBody['senders']>,
    updated_at: updatedAt?.toISOString() ?? null,
  };
}

/** One number has several spellings: SMSCs leave the plus away. */
export function bare(sender: string): string {
  return sender.trim().replace(/^\+/, '').toLowerCase();
}
