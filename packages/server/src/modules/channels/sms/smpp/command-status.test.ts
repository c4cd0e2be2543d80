import { expect, it } from 'vitest';
import { outcomeOfStatus } from './command-status.ts';

it.each([
  [0x0b, 'failed', 'the SMSC knows no such number'],
  [0x01, 'failed', 'too long'],
  [0x65, 'failed', 'will not take it'],
  [0x58, 'retry', 'no more messages a second'],
  [0x14, 'retry', 'queue of the SMSC is full'],
  [0x0a, 'retry', 'sms_from'],
  [0x0e, 'retry', 'PUT /apps/{app_id}/channels/sms'],
  [0x51, 'retry', 'destination_npi'],
  [0x03, 'retry', 'SMPP 0x00000003'],
  // A vendor's own: nobody knows what it says.
  [0x412, 'retry', 'SMPP 0x00000412'],
])('status %i of a message means %s', (status, state, words) => {
  const outcome = outcomeOfStatus(status);
  expect(outcome).toMatchObject({ state, reason: expect.stringContaining(words) });
  // A wrong type of number would turn off everybody at once.
  expect(outcome).not.toHaveProperty('address');
});
