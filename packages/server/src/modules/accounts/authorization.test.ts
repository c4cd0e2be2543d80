import { expect, test } from 'vitest';
import { readAuthorization } from './authorization.ts';

test.each([
  ['Key abc', 'abc'],
  ['key abc', 'abc'],
  ['BASIC abc', 'abc'],
  ['Bearer os_v2_app_x', 'os_v2_app_x'],
  ['Key "abc"', 'abc'],
  ['  Key   abc  ', 'abc'],
  ['Key ""abc""', '"abc"'],
])('%j holds a key', (header, secret) => {
  expect(readAuthorization(header)).toEqual({ kind: 'key', secret });
});

test.each([undefined, '', 'Key', 'Key ', 'Key ""', 'Digest abc', 'abc', 'Keyabc'])(
  '%j holds nothing',
  (header) => {
    expect(readAuthorization(header)).toEqual({ kind: 'none' });
  },
);

test('three parts with dots between are an identity token', () => {
  expect(readAuthorization('Bearer eyJh.eyJp.c2ln')).toEqual({ kind: 'jwt', jwt: 'eyJh.eyJp.c2ln' });
});
