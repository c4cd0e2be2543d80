import { expect, test } from 'vitest';
import { onAbort } from './on-abort.ts';

test('everybody who waits for a signal is called once when it ends, except who took it back', () => {
  const controller = new AbortController();
  const called: string[] = [];
  onAbort(controller.signal, () => called.push('a'));
  const forget = onAbort(controller.signal, () => called.push('b'));
  onAbort(controller.signal, () => called.push('c'));
  forget();
  controller.abort();
  forget();
  expect(called).toEqual(['a', 'c']);
});

test('each signal calls its own', () => {
  const [one, other] = [new AbortController(), new AbortController()];
  const called: string[] = [];
  onAbort(one.signal, () => called.push('one'));
  onAbort(other.signal, () => called.push('other'));
  other.abort();
  expect(called).toEqual(['other']);
});
