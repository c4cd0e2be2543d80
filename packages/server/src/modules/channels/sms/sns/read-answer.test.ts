import { describe, expect, it } from 'vitest';
import { readSnsAnswer } from './read-answer.ts';

const read = (status: number, body: string, headers = {}) =>
  readSnsAnswer({ status, headers, body: Buffer.from(body) }, Date.parse('2026-11-26T12:00:00Z'));
const refused = (status: number, code: string) =>
  read(status, `<ErrorResponse><Error><Code>${code}</Code><Message>No</Message></Error></ErrorResponse>`);

describe('what the answer of SNS means', () => {
  it('is "taken" with the id of the message', () => {
    const xml =
      '<PublishResponse><PublishResult><MessageId>a-1</MessageId></PublishResult></PublishResponse>';
    expect(read(200, xml)).toEqual({ state: 'sent', ref: 'a-1' });
  });

  it.each(['InvalidParameter', 'InvalidParameterValue', 'ParameterValueInvalid', 'ValidationError'])(
    '%s ends the message, and says nothing of the number',
    (code) => {
      expect(refused(400, code)).toEqual({ state: 'failed', reason: `SNS ${code}: No` });
    },
  );

  it.each([
    [403, 'AuthorizationError', 'IAM'],
    [403, 'InvalidClientTokenId', 'set the keys'],
    [403, 'SignatureDoesNotMatch', 'region'],
    [403, 'RequestExpired', 'clock'],
    [403, 'SomethingNew', 'in AWS'],
    [404, 'NotFound', 'in AWS'],
  ])('%i %s waits until somebody mends it, and says what', (status, code, hint) => {
    expect(refused(status, code)).toMatchObject({ state: 'retry', reason: expect.stringContaining(hint) });
  });

  it.each([
    [500, 'InternalError'],
    [400, 'SomethingNew'],
  ])('%i %s waits', (status, code) => {
    expect(refused(status, code)).toEqual({ state: 'retry', reason: `SNS ${code}: No`, afterMs: null });
  });

  it.each([
    [429, 'Throttled'],
    [400, 'Throttling'],
  ])('%i %s waits, and is a limit of the account', (status, code) => {
    const common = { state: 'retry', reason: `SNS ${code}: No`, afterMs: null };
    expect(refused(status, code)).toEqual({ ...common, limited: true });
  });

  it.each([
    [502, '<html>', 'SNS answered 502'],
    [200, '<html>', 'SNS answered 200 without a message'],
  ])('is in doubt when %i comes without the words of SNS', (status, body, reason) => {
    expect(read(status, body)).toEqual({ state: 'retry', reason, afterMs: null });
  });
});
