import { Value } from 'typebox/value';
import { smsKeywordsBody } from '@carillon/wire';
import type { SmsKeywordsBody } from '@carillon/wire';
import { describe, expect, it } from 'vitest';
import { keywordOf } from './keywords.ts';
import { keywordsFor, presentKeywords } from './own-keywords.ts';
import { readKeywords } from './read-keywords.ts';

const SHOP = '+15550100000';

function settingsOf(body: SmsKeywordsBody, sender = SHOP) {
  expect(Value.Check(smsKeywordsBody, body)).toBe(true);
  return keywordsFor(readKeywords(body), sender);
}
const meaningOf = (text: string, body: SmsKeywordsBody, sender = SHOP) =>
  keywordOf(text, settingsOf(body, sender).words);

describe('keywords of an app', () => {
  it('are added to the fixed ones, in any script, phrases too', () => {
    const body = {
      stop: { words: ['arrêt', ' no  more ', 'СТОП', '停止'] },
      start: { words: ['JOIN TEA'] },
    };
    expect(meaningOf('ARRÊT!', body)).toBe('stop');
    expect(meaningOf('No more.', body)).toBe('stop');
    expect(meaningOf('стоп', body)).toBe('stop');
    expect(meaningOf('停止。', body)).toBe('stop');
    expect(meaningOf('join tea', body)).toBe('start');
    expect(meaningOf('Stop', body)).toBe('stop');
    expect(meaningOf('join', body)).toBeNull();
  });

  it('are the usual ones where an app has set nothing', () => {
    expect(presentKeywords(readKeywords({}), null)).toMatchObject({
      fixed_words: { stop: expect.arrayContaining(['STOP', 'UNSUBSCRIBE']), help: ['HELP', 'INFO'] },
      stop: { words: [], reply: expect.stringContaining('START') },
      help: { words: [], reply: expect.stringContaining('STOP') },
      senders: [],
      updated_at: null,
    });
  });

  it('may be said again, and are kept once', () => {
    expect(settingsOf({ stop: { words: ['Adiós', 'ADIÓS', 'Stop'] } }).words.stop).toEqual(['Adiós', 'Stop']);
  });

  it('may be others for one number, which takes the rest from its app', () => {
    const body = {
      stop: { words: ['BASTA'], reply: 'Done.' },
      help: { reply: null },
      senders: [{ sender: '55501', stop: { words: ['ARRET'] }, help: { reply: 'Call us.' } }],
    };
    expect(settingsOf(body, '55501').replies).toMatchObject({ stop: 'Done.', help: 'Call us.' });
    expect(meaningOf('arret', body, '55501')).toBe('stop');
    expect(meaningOf('basta', body, '55501')).toBeNull();
    expect(meaningOf('basta', body)).toBe('stop');
    expect(settingsOf(body).replies.help).toBeNull();
    const withPlus = { senders: [{ sender: SHOP, help: { reply: 'Hi' } }] };
    expect(settingsOf(withPlus, '15550100000').replies.help).toBe('Hi');
  });

  it.each<[string, SmsKeywordsBody, RegExp]>([
    [
      'a fixed word of another order',
      { help: { words: ['Stop'] } },
      /means stop for every app.*cannot be rem/,
    ],
    [
      'a fixed word for one number',
      { senders: [{ sender: SHOP, start: { words: ['END'] } }] },
      /senders\[0\]/,
    ],
    ['a word in two lists', { stop: { words: ['NO'] }, help: { words: ['no'] } }, /a word means one thing/],
    [
      'a word of the app in another list of a number',
      { stop: { words: ['NO'] }, senders: [{ sender: SHOP, help: { words: ['no'] } }] },
      /senders\[0\]\.help\.words/,
    ],
    ['a sentence', { stop: { words: ['please let me alone now'] } }, /stop\.words\[0\].*at most 20/],
    ['a word without letters', { start: { words: ['👍'] } }, /start\.words\[0\].*letters/],
    ['signs', { start: { words: ['a+b'] } }, /letters and digits/],
    ['nothing but a hyphen', { start: { words: ['-'] } }, /letters and digits/],
    ['an empty reply', { stop: { reply: '  ' } }, /stop\.reply/],
    ['a reply that is a keyword', { help: { reply: 'Help!' } }, /without an end/],
    ['a name as a sender', { senders: [{ sender: 'Tea Shop' }] }, /A name cannot be texted to/],
    ['a number twice', { senders: [{ sender: SHOP }, { sender: '15550100000' }] }, /senders\[0\] again/],
  ])('are refused with %s', (_, body, sentence) => {
    expect(() => readKeywords(body)).toThrow(sentence);
  });

  it.each([
    ['a reply of more than 1,600 characters', { stop: { reply: 'x'.repeat(1_601) } }],
    ['a list of another name', { optout: { words: ['X'] } }],
    ['more words than anybody knows', { stop: { words: Array.from({ length: 51 }, (_, n) => `W${n}`) } }],
  ])('are no keywords with %s', (_, body) => {
    expect(Value.Check(smsKeywordsBody, body)).toBe(false);
  });
});
