import { describe, expect, it } from 'vitest';
import { serverSettings } from './settings.ts';

const GB = 2 ** 30;

describe('settings of the embedded server', () => {
  it.each([
    { memory: GB / 8, buffers: '32MB' },
    { memory: GB, buffers: '128MB' },
    { memory: 64 * GB, buffers: '256MB' },
  ])('with $memory bytes of memory it caches $buffers', ({ memory, buffers }) => {
    expect(serverSettings(memory)['shared_buffers']).toBe(buffers);
  });
});
