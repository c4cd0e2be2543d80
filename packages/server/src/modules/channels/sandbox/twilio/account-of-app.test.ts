import { expect, it } from 'vitest';
import { newId } from '../../../../platform/ids.ts';
import { accountSidOf, appOfAccountSid } from './account-of-app.ts';

it('an account at the sandbox’s Twilio names its app', () => {
  const appId = newId();
  expect(accountSidOf(appId)).toMatch(/^AC[0-9a-f]{32}$/);
  expect(appOfAccountSid(accountSidOf(appId))).toBe(appId);
  for (const sid of ['', 'AC', appId, `AC${'z'.repeat(32)}`, `AC${'0'.repeat(31)}`]) {
    expect(appOfAccountSid(sid)).toBeNull();
  }
});
