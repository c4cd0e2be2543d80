import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Coalescer } from './coalescer.ts';
import type { CoalescerOptions } from './coalescer.ts';

/** Batches that leave, in their order; each is under way until it is ended. */
function createBatches(options: Partial<CoalescerOptions<string, string>> = {}) {
  const left: { readonly requests: readonly string[]; end(error?: Error): void }[] = [];
  const coalescer = new Coalescer<string, string>({
    inFlight: 1,
    largest: 10,
    ...options,
    flush: (requests) =>
      new Promise((resolve, reject) => {
        left.push({
          requests,
          end: (error) =>
            error === undefined ? resolve(requests.map((request) => `${request} done`)) : reject(error),
        });
      }),
  });
  return { left, submit: (request: string) => coalescer.submit(request) };
}

/** Runs what is due now: turns of the event loop, and microtasks between. */
const settle = () => vi.advanceTimersByTimeAsync(0);

describe('requests that come one by one', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setImmediate'] }));
  afterEach(() => void vi.useRealTimers());

  it('travel together with those of their turn, and get each its result', async () => {
    const { left, submit } = createBatches();
    const results = Promise.all(['a', 'b'].map(submit));
    await settle();
    expect(left.map(({ requests }) => requests)).toEqual([['a', 'b']]);
    left[0]?.end();
    expect(await results).toEqual(['a done', 'b done']);
  });

  it('wait for a batch under way, and leave with all that came meanwhile', async () => {
    const { left, submit } = createBatches();
    void submit('a');
    await settle();
    void submit('b');
    await settle();
    void submit('c');
    await settle();
    expect(left).toHaveLength(1);
    left[0]?.end();
    await settle();
    expect(left.map(({ requests }) => requests)).toEqual([['a'], ['b', 'c']]);
  });

  it('make batches of no more than their largest weight, but for one that is heavier alone', async () => {
    const { left, submit } = createBatches({ inFlight: 3, weight: (request) => request.length, largest: 4 });
    for (const request of ['aa', 'bb', 'c', 'dddddd']) void submit(request);
    await settle();
    expect(left.map(({ requests }) => requests)).toEqual([['aa', 'bb'], ['c'], ['dddddd']]);
  });

  it('do not travel beside one that they conflict with', async () => {
    const { left, submit } = createBatches({ inFlight: 2, conflicts: (request) => [request[0] ?? ''] });
    for (const request of ['a1', 'a2', 'b1']) void submit(request);
    await settle();
    expect(left.map(({ requests }) => requests)).toEqual([['a1', 'b1']]);
    left[0]?.end();
    await settle();
    expect(left[1]?.requests).toEqual(['a2']);
  });

  it('are tried each on its own when their batch fails', async () => {
    const { left, submit } = createBatches();
    const results = Promise.allSettled(['a', 'b'].map(submit));
    await settle();
    left[0]?.end(new Error('one of them'));
    await settle();
    left[1]?.end(new Error('a will not do'));
    await settle();
    left[2]?.end();
    expect(await results).toEqual([
      { status: 'rejected', reason: new Error('a will not do') },
      { status: 'fulfilled', value: 'b done' },
    ]);
  });

  it('rest after a batch that was not full, and leave once it is over', async () => {
    const { left, submit } = createBatches({ inFlight: 2, restMs: 10 });
    void submit('a');
    await settle();
    void submit('b');
    await vi.advanceTimersByTimeAsync(9);
    expect(left).toHaveLength(1);
    void submit('c');
    await vi.advanceTimersByTimeAsync(2);
    await settle();
    expect(left.map(({ requests }) => requests)).toEqual([['a'], ['b', 'c']]);
    // Nothing waited when the second rest was over: the next one leaves at once.
    await vi.advanceTimersByTimeAsync(10);
    left[0]?.end();
    void submit('d');
    await settle();
    expect(left[2]?.requests).toEqual(['d']);
  });

  it('do not rest while they fill a batch', async () => {
    const { left, submit } = createBatches({ inFlight: 2, restMs: 10, largest: 2 });
    void submit('a');
    await settle();
    void submit('b');
    await settle();
    expect(left).toHaveLength(1);
    void submit('c');
    await settle();
    expect(left.map(({ requests }) => requests)).toEqual([['a'], ['b', 'c']]);
  });
});
