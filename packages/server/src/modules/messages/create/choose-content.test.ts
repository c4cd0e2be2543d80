import { describe, expect, it } from 'vitest';
import { EMPTY_EMAIL } from '../../templates/index.ts';
import type { Content } from '../../templates/index.ts';
import { chooseContent, hasOwnContent } from './choose-content.ts';

const template: Content = { ...EMPTY_EMAIL, subject: 'Hello', body: '<p>Hi</p>', fromName: 'Shop' };
const request = { app_id: 'an app' };

describe('what a message says', () => {
  it('is its template with what the request gives put over it', () => {
    expect(chooseContent({ ...request, email_subject: 'Bye', email_from_name: null }, template)).toEqual({
      ...template,
      subject: 'Bye',
      fromName: null,
    });
  });

  it('is its own only where the request gives something', () => {
    expect(hasOwnContent({ ...request, email_subject: null })).toBe(false);
    expect(hasOwnContent({ ...request, email_from_address: 'shop@example.com' })).toBe(true);
  });

  it.each<[string, object, Content | null]>([
    ['email_subject is required', { email_body: 'Hi' }, null],
    ['email_body is required', { email_subject: 'Hello' }, null],
    [
      'template_id names a template of push: only email can be sent so far',
      { email_subject: 'Hello', email_body: 'Hi' },
      { channel: 'push', fields: {}, platforms: {}, dynamicContent: null },
    ],
  ])('is refused: %s', (sentence, body, from) => {
    expect(() => chooseContent({ ...request, ...body }, from)).toThrow(sentence);
  });
});
