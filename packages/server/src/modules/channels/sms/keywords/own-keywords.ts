import { SMS_KEYWORDS } from '@carillon/wire';
import type { OptOutScope, SmsKeywordsBody, SmsKeywordsView } from '@carillon/wire';
import { FIXED_WORDS, REPLIES_OF_SENDER, USUAL_KEYWORDS } from './keywords.ts';
import type { Keyword, KeywordSettings } from './keywords.ts';

/** What is set of one order; what is absent is as for the app, or for every app. */
export interface OwnOrder {
  readonly words?: readonly string[];
  readonly reply?: string | null;
}

export type OwnOrders = Readonly<Partial<Record<Keyword, OwnOrder>>>;

/** What is set beside the orders. */
export interface OwnScope {
  readonly optOutScope?: OptOutScope;
}

/** What an app has set. Kept as JSON. */
export interface OwnKeywords extends OwnOrders, OwnScope {
  /** Another number writes where somebody has opted out of the one that would. */
  readonly useOtherSenders?: boolean;
  readonly senders: readonly ({ readonly sender: string } & OwnOrders & OwnScope)[];
}

export const NO_KEYWORDS: OwnKeywords = { senders: [] };

/** What is taken and answered for texts to one of an app's numbers. */
export function keywordsFor(own: OwnKeywords, sender: string): KeywordSettings {
  const ofApp = withOrders(USUAL_KEYWORDS, own);
  const ofSender = own.senders.find((one) => bare(one.sender) === bare(sender));
  return inItsScope(ofSender === undefined ? ofApp : withOrders(ofApp, ofSender));
}

/** The usual answers speak of what the order is about. */
function inItsScope(settings: KeywordSettings): KeywordSettings {
  if (settings.scope === 'app') return settings;
  const replies = { ...settings.replies };
  for (const keyword of SMS_KEYWORDS) {
    if (replies[keyword] === USUAL_KEYWORDS.replies[keyword]) replies[keyword] = REPLIES_OF_SENDER[keyword];
  }
  return { ...settings, replies };
}

/** `settings` with what `orders` name in its place. */
export function withOrders(settings: KeywordSettings, orders: OwnOrders & OwnScope): KeywordSettings {
  const words = { ...settings.words };
  const replies = { ...settings.replies };
  for (const keyword of SMS_KEYWORDS) {
    const order = orders[keyword];
    if (order?.words !== undefined) words[keyword] = order.words;
    if (order?.reply !== undefined) replies[keyword] = order.reply;
  }
  return { words, replies, scope: orders.optOutScope ?? settings.scope };
}

export function presentKeywords(own: OwnKeywords, updatedAt: Date | null): SmsKeywordsView {
  const { words, replies, scope } = inItsScope(withOrders(USUAL_KEYWORDS, own));
  const of = (keyword: Keyword) => ({ words: [...words[keyword]], reply: replies[keyword] });
  return {
    fixed_words: { stop: [...FIXED_WORDS.stop], start: [...FIXED_WORDS.start], help: [...FIXED_WORDS.help] },
    stop: of('stop'),
    start: of('start'),
    help: of('help'),
    opt_out_scope: scope,
    use_other_senders: own.useOtherSenders ?? false,
    senders: own.senders.map(({ optOutScope, ...sender }) => ({
      ...(sender as NonNullable<SmsKeywordsBody['senders']>[number]),
      ...(optOutScope !== undefined && { opt_out_scope: optOutScope }),
    })),
    updated_at: updatedAt?.toISOString() ?? null,
  };
}

/** One number has several spellings: SMSCs leave the plus away. */
export function bare(sender: string): string {
  return sender.trim().replace(/^\+/, '').toLowerCase();
}
