import { expect, it } from 'vitest';
import { readEndpointName } from './scripted-push-fault.ts';

it.each([
  ['gone.7', 'gone', '7'],
  ['slow.aA-_9', 'slow', 'aA-_9'],
  ['aA-_9', null, 'aA-_9'],
  ['unknown.7', null, 'unknown.7'],
  ['.gone', null, '.gone'],
  ['gone', null, 'gone'],
])('%s asks for %s', (name, fault, token) => {
  expect(readEndpointName(name)).toEqual({ fault, token });
});
