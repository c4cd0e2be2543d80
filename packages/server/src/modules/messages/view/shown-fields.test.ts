import { expect, it } from 'vitest';
import { shownFields } from './shown-fields.ts';

it('documented fields are shown as they were given, and null where they were not', () => {
  const shown = shownFields('email', {
    app_id: 'a',
    include_aliases: { external_id: ['42'] },
    email_subject: 'Hello',
    disable_email_click_tracking: false,
  });
  expect(shown).toMatchObject({
    include_aliases: { external_id: ['42'] },
    email_subject: 'Hello',
    disable_email_click_tracking: false,
    email_preheader: null,
    custom_data: null,
    included_segments: [],
    excluded_segments: [],
    delayed_option: 'immediate',
  });
});

it('what is not documented, and addresses and tokens of people, are not shown', () => {
  const shown = shownFields('email', {
    secret_of_the_caller: 1,
    run_id: 'r',
    email_to: ['anna@example.com'],
    email_bcc: ['boss@example.com'],
    include_email_tokens: ['anna@example.com'],
    include_phone_numbers: ['+15550100'],
    include_ios_tokens: ['t'],
  });
  expect(JSON.stringify(shown)).not.toMatch(/anna|boss|15550100|secret|run_id|tokens/);
});

it('a message has the fields of its own channel alone', () => {
  expect(shownFields('sms', { sms_from: '+1', email_subject: 'x' })).toMatchObject({ sms_from: '+1' });
  expect(shownFields('sms', {})).not.toHaveProperty('email_subject');
  expect(shownFields('push', {})).toMatchObject({ headings: null, huawei_badge_add_num: null });
});
