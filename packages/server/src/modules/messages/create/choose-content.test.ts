import { describe, expect, it } from 'vitest';
import type { Channel } from '@carillon/wire';
import { EMPTY_EMAIL, EMPTY_SMS } from '../../templates/index.ts';
import type { Content } from '../../templates/index.ts';
import { chooseContent, hasOwnContent } from './choose-content.ts';

const template: Content = { ...EMPTY_EMAIL, subject: 'Hello', body: '<p>Hi</p>', fromName: 'Shop' };
const request = { app_id: 'an app' };

describe('what a message says', () => {
  it('is its template with what the request gives put over it', () => {
    const asked = { ...request, email_subject: 'Bye', email_from_name: null };
    expect(chooseContent(asked, null, template)).toEqual({
      ...template,
      subject: 'Bye',
      fromName: null,
    });
  });

  it('is its own only where the request gives something', () => {
    expect(hasOwnContent({ ...request, email_subject: null }, 'email')).toBe(false);
    expect(hasOwnContent({ ...request, email_from_address: 'shop@example.com' }, 'email')).toBe(true);
  });

  it('is a push where neither the request nor a template says another channel', () => {
    const content = chooseContent(
      { ...request, contents: { en: 'Hi' }, url: 'https://shop.example' },
      null,
      null,
    );
    expect(content).toMatchObject({
      channel: 'push',
      fields: { contents: { en: 'Hi' }, url: 'https://shop.example' },
    });
  });

  it('says nothing where it only wakes the app', () => {
    const content = chooseContent({ ...request, content_available: true, data: { order: 7 } }, 'push', null);
    expect(content).toMatchObject({ channel: 'push', fields: { data: { order: 7 } } });
  });

  it('is a text message with the words and the sender of its template', () => {
    const sms: Content = { ...EMPTY_SMS, contents: { en: 'Hi', de: 'Hallo' }, from: '+15550100000' };
    expect(chooseContent({ ...request, contents: { en: 'Bye' } }, 'sms', sms)).toEqual({
      ...sms,
      contents: { en: 'Bye' },
    });
  });

  const noEnglish = 'Message Notifications must have English language content';
  it.each<[string, object, Channel, Content | null]>([
    ['email_subject is required', { email_body: 'Hi' }, 'email', null],
    ['email_body is required', { email_subject: 'Hello' }, 'email', null],
    [noEnglish, { contents: { de: 'Hallo' } }, 'push', null],
    [noEnglish, { contents: { en: ' ' } }, 'sms', null],
    [noEnglish, { content_available: true, contents: { de: 'Hallo' } }, 'push', null],
    [
      'template_id names a template of push, and this message is of email',
      { email_subject: 'Hello', email_body: 'Hi' },
      'email',
      { channel: 'push', fields: {}, platforms: {}, dynamicContent: null },
    ],
  ])('is refused: %s', (sentence, body, channel, from) => {
    expect(() => chooseContent({ ...request, ...body }, channel, from)).toThrow(sentence);
  });
});
