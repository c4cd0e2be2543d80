import { SMS_KEYWORDS } from '@carillon/wire';
import type { SmsKeywordsBody } from '@carillon/wire';
import { invalidField } from '../../../../platform/http/invalid-field.ts';
import { FIXED_WORDS, USUAL_KEYWORDS, keywordOf, plainWord } from './keywords.ts';
import type { Keyword, KeywordSettings } from './keywords.ts';
import { bare, withOrders } from './own-keywords.ts';
import type { OwnKeywords, OwnOrders } from './own-keywords.ts';

const LONGEST_WORD = 20;
const SENDER = /^(\+?[1-9]\d{2,14}|rcs:[\w.-]{1,120})$/i;

/** What a request asks for, when it can be obeyed without doubt. Throws ApiError `request-invalid`. */
export function readKeywords({
  senders = [],
  opt_out_scope: scope,
  use_other_senders: useOtherSenders,
  ...orders
}: SmsKeywordsBody): OwnKeywords {
  const own = readOrders('', orders);
  const ofApp = withOrders(USUAL_KEYWORDS, own);
  refuseSharedWords('', ofApp);
  const seen = new Map<string, number>();
  const ofSenders = senders.map(({ sender, opt_out_scope: theirScope, ...theirs }, index) => {
    const field = `senders[${index}]`;
    if (!SENDER.test(sender.trim())) {
      throw invalidField(
        `${field}.sender`,
        'must be what people text to: a number such as +15550100000, a short code, or an RCS agent (rcs:…). A name cannot be texted to',
      );
    }
    const first = seen.get(bare(sender));
    if (first !== undefined) throw invalidField(`${field}.sender`, `is that of senders[${first}] again`);
    seen.set(bare(sender), index);
    const read = readOrders(`${field}.`, theirs);
    refuseSharedWords(`${field}.`, withOrders(ofApp, read));
    return { sender: sender.trim(), ...read, ...(theirScope && { optOutScope: theirScope }) };
  });
  return {
    ...own,
    ...(scope && { optOutScope: scope }),
    ...(useOtherSenders !== undefined && { useOtherSenders }),
    senders: ofSenders,
  };
}

function readOrders(prefix: string, orders: Pick<SmsKeywordsBody, Keyword>): OwnOrders {
  const read = SMS_KEYWORDS.flatMap((keyword) => {
    const order = orders[keyword];
    if (order === undefined) return [];
    const field = `${prefix}${keyword}`;
    const words = order.words?.flatMap((word, index) => readWord(`${field}.words[${index}]`, word));
    // Said twice, it is said once.
    const once = words?.filter(
      (word, at) => words.findIndex((other) => plainWord(other) === plainWord(word)) === at,
    );
    if (order.reply !== undefined) checkReply(`${field}.reply`, order.reply);
    const kept = {
      ...(once !== undefined && { words: once }),
      ...(order.reply !== undefined && { reply: order.reply }),
    };
    return [[keyword, kept] as const];
  });
  return Object.fromEntries(read);
}

function readWord(field: string, given: string): string {
  const word = given.normalize('NFC').replace(/\s+/g, ' ').trim();
  if (!/^[\p{L}\p{M}\p{N} '’-]+$/u.test(word) || plainWord(word) === '') {
    throw invalidField(field, 'must be a word or a phrase of letters and digits, without any other signs');
  }
  if (Array.from(word).length > LONGEST_WORD) {
    throw invalidField(field, `must have at most ${LONGEST_WORD} characters: a text is a keyword as a whole`);
  }
  return word;
}

function checkReply(field: string, reply: string | null): void {
  if (reply === null) return;
  if (reply.trim() === '') throw invalidField(field, 'must have a text; null answers nothing');
  if (keywordOf(reply) !== null) {
    throw invalidField(
      field,
      'must not be a keyword by itself: a machine that gets it would answer, and so on without an end',
    );
  }
}

function refuseSharedWords(prefix: string, { words }: KeywordSettings): void {
  const meaning = new Map<string, string>();
  for (const keyword of SMS_KEYWORDS) {
    for (const word of words[keyword]) {
      const fixed = SMS_KEYWORDS.find((other) => FIXED_WORDS[other].includes(plainWord(word)));
      if (fixed !== undefined && fixed !== keyword) {
        throw invalidField(
          `${prefix}${keyword}.words`,
          `must not have ${word}: it means ${fixed} for every app, because laws and networks demand it. Fixed words cannot be removed or given another meaning; words of your own are added to them`,
        );
      }
      const other = meaning.get(plainWord(word));
      if (other !== undefined && other !== keyword) {
        throw invalidField(
          `${prefix}${keyword}.words`,
          `must not have ${word}, which is among those of ${other}: a word means one thing`,
        );
      }
      meaning.set(plainWord(word), keyword);
    }
  }
}
