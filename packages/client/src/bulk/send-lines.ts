import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { UnansweredLines } from './unanswered-lines.ts';

const compress = promisify(gzip);

/** Characters of lines that go together. */
const PIECE = 128 * 1024;
/** How long a line waits for others to go with, in milliseconds. */
const TOGETHER_MS = 10;

export interface SendOptions {
  readonly gzip: boolean;
  /** Ends it: the request is over. */
  readonly signal: AbortSignal;
}

/**
 * The body of one request, made as it is sent. With gzip each piece is a member of its own: nothing waits
 * in the compressor while its result is waited for.
 */
export async function* sendLines<User>(
  lines: UnansweredLines<User>,
  { gzip, signal }: SendOptions,
): AsyncGenerator<Buffer, void, undefined> {
  const pack = (text: string) => (gzip ? compress(text, { level: 1 }) : Buffer.from(text));
  let text = '';
  while (!signal.aborted) {
    const next = lines.next();
    if (typeof next === 'object') {
      text += next.text;
      if (text.length < PIECE) continue;
    } else if (next === 'end') {
      if (text !== '') yield pack(text);
      return;
    } else if (text === '') {
      await lines.changed();
      continue;
    } else if (next === 'later' && (await changesSoon(lines))) {
      continue;
    }
    yield pack(text);
    text = '';
  }
}

async function changesSoon<User>(lines: UnansweredLines<User>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => (timer = setTimeout(resolve, TOGETHER_MS, false)));
  const changed = lines.changed().then(() => true);
  try {
    return await Promise.race([changed, late]);
  } finally {
    clearTimeout(timer);
  }
}
