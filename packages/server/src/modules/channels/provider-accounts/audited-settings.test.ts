import { expect, it } from 'vitest';
import type { SmtpSettings } from '../email/smtp/smtp-account.ts';
import { smtpKind } from '../email/smtp/smtp-kind.ts';
import { auditedSettings } from './audited-settings.ts';
import { nullKind } from './null-kind.ts';

const SMTP: SmtpSettings = {
  kind: 'smtp',
  host: 'smtp.example.com',
  port: 587,
  security: 'starttls',
  user: 'carillon',
  password: 'hidden-word',
  connections: 5,
  fromName: 'Shop',
  fromAddress: 'hello@example.com',
};

const smtp = (settings: SmtpSettings) => ({ kind: smtpKind, settings });

it('tells that there is a password, and never which', () => {
  const { before, after } = auditedSettings(null, smtp(SMTP));
  expect(before).toEqual({});
  expect(after).toMatchObject({
    host: 'smtp.example.com',
    from_address: 'hello@example.com',
    password: 'set',
  });
});

it.each([
  ['another one', SMTP, { ...SMTP, password: 'other-word' }, ['set', 'set anew']],
  ['the same one', SMTP, { ...SMTP, port: 25 }, ['set', 'set']],
  ['none any more', SMTP, { ...SMTP, password: null }, ['set', null]],
  ['one for the first time', { ...SMTP, password: null }, SMTP, [null, 'set']],
])('tells of %s', (_, before, after, words) => {
  const told = auditedSettings(smtp(before), smtp(after));
  expect([told.before['password'], told.after['password']]).toEqual(words);
  expect(JSON.stringify(told)).not.toMatch(/hidden-word|other-word/);
});

it('knows the kind without an address', () => {
  expect(auditedSettings(smtp(SMTP), { kind: nullKind('email'), settings: { kind: 'null' } }).after).toEqual({
    kind: 'null',
  });
});
