import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { forkFile, startThread } from './run-file.ts';

describe('our own files as threads and processes', () => {
  it('run as a worker thread from source', async () => {
    const thread = startThread('./fixtures/echo.ts', import.meta.url);
    const [answer] = await once(thread, 'message');
    expect(answer).toEqual({ thread: true, imports: true });
    await thread.terminate();
  });

  it('run as a process from source, whatever the working directory', async () => {
    const child = forkFile('./fixtures/echo.ts', import.meta.url, [], { cwd: '/' });
    const [answer] = await once(child, 'message');
    expect(answer).toEqual({ thread: false, imports: true });
    child.disconnect();
    await once(child, 'exit');
  });
});
