import { describe, expect, it } from 'vitest';
import { outcomeOfFault } from './read-smtp-reply.ts';

describe('what a refused mail comes to', () => {
  it.each([
    ['EENVELOPE', 550, 'failed'],
    ['EENVELOPE', 451, 'retry'],
    ['EENVELOPE', 503, 'retry'],
    ['EENVELOPE', 421, 'retry'],
    ['EMESSAGE', 554, 'failed'],
    ['EMESSAGE', 452, 'retry'],
    ['EAUTH', 535, 'retry'],
    ['ECONNECTION', 554, 'retry'],
    ['ECONNECTION', undefined, 'retry'],
    ['ESOCKET', undefined, 'retry'],
    ['EENVELOPE', undefined, 'failed'],
    [undefined, undefined, 'retry'],
  ] as const)('%s with reply %s: %s', (code, responseCode, state) => {
    const fault = {
      message: 'no',
      ...(code === undefined ? {} : { code }),
      ...(responseCode === undefined ? {} : { responseCode }),
    };
    expect(outcomeOfFault(fault).state).toBe(state);
  });

  it('keeps the words of the server and not the address', () => {
    const response = '550 5.1.1 <anna@example.com>: Recipient address\r\n rejected';
    expect(outcomeOfFault({ message: '', code: 'EENVELOPE', responseCode: 550, response })).toEqual({
      state: 'failed',
      reason: '550 5.1.1 <address>: Recipient address rejected',
    });
  });
});
