import { describe, expect, it } from 'vitest';
import { contentOfBody } from './content-of-body.ts';
import { EMPTY_EMAIL } from './email/email-content.ts';
import type { EmailContent } from './email/email-content.ts';

const before: EmailContent = { ...EMPTY_EMAIL, subject: 'Hello', body: '<p>Hi</p>', preheader: 'Look' };
const hello = { en: 'Hello', de: 'Hallo' };

describe('the content of an email template', () => {
  it('needs no more than a body', () => {
    expect(contentOfBody({ email_body: 'Hi' }, null)).toEqual({
      ...EMPTY_EMAIL,
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

  it('has copies, a sending domain, and dynamic content as JSON or as its text', () => {
    const fields = {
      email_body: 'Hi',
      email_bcc: ['a@example.com'],
      email_sender_domain: 'mail.example.com',
    };
    const said = {
      bcc: ['a@example.com'],
      senderDomain: 'mail.example.com',
      dynamicContent: { a: { b: 1 } },
    };
    for (const dynamic of [{ a: { b: 1 } }, '{"a":{"b":1}}'])
      expect(contentOfBody({ ...fields, dynamic_content: dynamic }, null)).toMatchObject(said);
  });
});

describe('the content of a push template', () => {
  it('holds what was set, under the names of the wire', () => {
    const content = contentOfBody(
      { contents: hello, headings: {}, url: '', ttl: 0, content_available: false, isIos: true, buttons: [] },
      null,
    );
    expect(content).toEqual({
      channel: 'push',
      fields: { contents: hello, ttl: 0, content_available: false },
      platforms: { isIos: true },
      dynamicContent: null,
    });
    expect(contentOfBody({ ttl: null, headings: { en: 'New' } }, content)).toMatchObject({
      fields: { contents: hello, headings: { en: 'New' }, content_available: false },
      platforms: { isIos: true },
    });
  });

  it('needs no text when it only wakes the app', () => {
    expect(contentOfBody({ content_available: true, data: { a: 1 } }, null)).toMatchObject({
      channel: 'push',
    });
  });
});

describe('the content of an SMS template', () => {
  it('is told by its flag, or by what only SMS has', () => {
    const said = { channel: 'sms', contents: hello, from: null, mediaUrls: [] };
    expect(contentOfBody({ isSMS: true, contents: hello }, null)).toMatchObject(said);
    const urls = ['https://example.com/a.png'];
    expect(contentOfBody({ contents: hello, sms_media_urls: urls }, null)).toMatchObject({
      ...said,
      mediaUrls: urls,
    });
  });
});

describe('a content', () => {
  const blank = "'message' Email body can not be blank";
  const noEnglish = "'message' Notifications must have Any/English language content";
  it.each([
    [{ isEmail: true }, blank],
    [{ email_body: ' ' }, blank],
    [{}, noEnglish],
    [{ contents: { de: 'Hallo' } }, noEnglish],
    [{ isSMS: true, contents: { en: ' ' } }, noEnglish],
    [{ content_available: true, contents: { de: 'Hallo' } }, noEnglish],
    [{ isEmail: true, isSMS: true, email_body: 'Hi' }, 'You may only send to one delivery channel at a time'],
    [{ email_body: 'Hi', dynamic_content: '[1]' }, 'dynamic_content must be a JSON object'],
    [{ email_body: 'Hi', dynamic_content: '{' }, 'dynamic_content must be a JSON object'],
    [{ email_body: 'Hi', dynamic_content: { a: 'x'.repeat(65_536) } }, 'at most 65536 bytes of JSON'],
  ])('is refused: %j', (body, sentence) => {
    expect(() => contentOfBody(body, null)).toThrow(sentence);
  });

  it('stays of its channel', () => {
    expect(() => contentOfBody({ isSMS: true, contents: hello }, before)).toThrow(
      'isSMS cannot be true: this template is of email',
    );
    const push = contentOfBody({ contents: hello }, null);
    expect(() => contentOfBody({ isEmail: true, email_body: 'x' }, push)).toThrow('isEmail cannot be true');
  });
});
