import { describe, expect, it } from 'vitest';
import { contentOfBody } from './content-of-body.ts';
import type { Content } from './content.ts';

const before: Content = {
  channel: 'email',
  subject: 'Hello',
  body: '<p>Hi</p>',
  preheader: 'Look',
  fromName: null,
  fromAddress: null,
  replyTo: null,
  trackClicks: false,
};

describe('the content of a template', () => {
  it('needs no more than a body', () => {
    expect(contentOfBody({ email_body: 'Hi' }, null)).toMatchObject({
      subject: '',
      body: 'Hi',
      trackClicks: true,
    });
  });

  it('keeps what a change does not name, and clears what it names null', () => {
    expect(contentOfBody({ email_subject: 'Bye', email_preheader: null }, before)).toEqual({
      ...before,
      subject: 'Bye',
      preheader: null,
    });
    expect(contentOfBody({ disable_email_click_tracking: false }, before)).toEqual({
      ...before,
      trackClicks: true,
    });
  });

  it.each([
    [{ isEmail: true }, "'message' Email body can not be blank"],
    [{ email_body: ' ' }, "'message' Email body can not be blank"],
    [{}, "'message' Notifications must have Any/English language content"],
    [{ contents: { en: 'Hi' } }, 'isEmail must be true: templates of other channels are not built yet'],
    [
      { isSMS: true, contents: { en: 'Hi' } },
      'isEmail must be true: templates of other channels are not built yet',
    ],
    [{ email_body: 'Hi', email_bcc: ['a@example.com'] }, 'email_bcc is not built yet: leave it out'],
    [{ email_body: 'Hi', dynamic_content: {} }, 'dynamic_content is not built yet: leave it out'],
  ])('refuses %j', (body, sentence) => {
    expect(() => contentOfBody(body, null)).toThrow(sentence);
  });
});
