import { describe, expect, it } from 'vitest';
import { FIXED_WORDS, keywordOf } from './keywords.ts';

const words = { stop: ['NO MORE', 'START'], start: ['JOIN'], help: [] };

describe('the keyword of a text', () => {
  it.each([
    ['STOP', 'stop'],
    ['stop', 'stop'],
    [' Stop. ', 'stop'],
    ['"stop"!!', 'stop'],
    ['ＳＴＯＰ', 'stop'],
    ['S.T.O.P', 'stop'],
    ['opt-out', 'stop'],
    ['Unsubscribe\n', 'stop'],
    ['start', 'start'],
    ['Yes!', 'start'],
    ['help?', 'help'],
    ['please stop', null],
    ['stop by tomorrow', null],
    ['', null],
    ['?!', null],
    ['👍', null],
  ])('%j is %s', (text, keyword) => {
    expect(keywordOf(text)).toBe(keyword);
  });

  it('can be a word of the app’s own, of more words than one too', () => {
    expect(keywordOf('No  more!', words)).toBe('stop');
    expect(keywordOf('join', words)).toBe('start');
    expect(keywordOf('join')).toBeNull();
  });

  it('keeps the meaning of the fixed words, whatever an app makes of them', () => {
    expect(keywordOf('start', words)).toBe('start');
    for (const [keyword, all] of Object.entries(FIXED_WORDS)) {
      for (const word of all) expect(keywordOf(word.toLowerCase(), words)).toBe(keyword);
    }
  });
});
