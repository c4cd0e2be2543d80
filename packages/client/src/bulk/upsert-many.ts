import { setTimeout as pause } from 'node:timers/promises';
import type { BulkUserResult, BulkUserSummary, CreateUserBody } from '@carillon/wire';
import { CallFailed } from '../failure.ts';
import type { Failure } from '../failure.ts';
import { resumeDelay } from '../retry.ts';
import type { Transport } from '../transport.ts';
import { readLines } from './read-lines.ts';
import { sendLines } from './send-lines.ts';
import { UnansweredLines } from './unanswered-lines.ts';

export interface UpsertManyOptions {
  /** Compress what is sent. Absent: unless the server is on this machine, where it costs more than it saves. */
  readonly gzip?: boolean;
  /** Most lines that wait for their results, and so are held in memory; 20,000 when absent. */
  readonly mostUnanswered?: number;
  /** The number of the first user that is sent; those before it are passed over. 1 when absent. */
  readonly fromLine?: number;
  readonly signal?: AbortSignal;
  /** Told of each failure after which the load goes on. */
  readonly onTrouble?: (failure: Failure) => void;
}

/** What became of one user of a load. `line` counts from 1 over the whole load. */
export type UpsertResult<User = CreateUserBody> = BulkUserResult & {
  /** The user that was given. */
  readonly user: User;
};

/** A load that ended early. Every line before `nextLine` has had its result. */
export class LoadFailed extends CallFailed {
  readonly nextLine: number;

  constructor(failure: Failure, nextLine: number) {
    super(failure);
    this.name = 'LoadFailed';
    this.message += ` (line ${nextLine} and those after it have no result)`;
    this.nextLine = nextLine;
  }
}

/** How one request of a load ended. */
type Ending =
  | { readonly kind: 'complete' }
  /** The server has said why it went no further. */
  | { readonly kind: 'stopped'; readonly failure: Failure }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** Results that came together, in the order of their lines. */
export type UpsertBatch<User = CreateUserBody> = readonly UpsertResult<User>[];

/**
 * Sends users to the bulk route at `path`, in one request after the other until each has its result.
 * See `Users.upsertInBatches`.
 */
export async function* upsertInBatches<User extends CreateUserBody>(
  transport: Transport,
  path: string,
  users: Iterable<User> | AsyncIterable<User>,
  options: UpsertManyOptions,
): AsyncGenerator<UpsertBatch<User>, void, undefined> {
  const { signal, mostUnanswered = 20_000, fromLine = 1, onTrouble } = options;
  const gzip = options.gzip ?? !transport.isLocal;
  const lines = new UnansweredLines(users, { mostUnanswered, fromLine });
  const wake = () => lines.wake();
  signal?.addEventListener('abort', wake);
  try {
    let attempt = 0;
    while (await somethingToSend(lines, signal)) {
      const first = lines.first;
      const ending = yield* send(transport, path, lines, { gzip, signal });
      if (ending.kind === 'complete') continue;
      const hasProgress = lines.first > first;
      if (hasProgress) attempt = 0;
      const isLimit = ending.kind === 'stopped' && hasProgress;
      const delay = isLimit ? 0 : resumeDelay(transport.retry, attempt, ending.failure);
      if (delay === null) throw new LoadFailed(ending.failure, lines.first);
      attempt += 1;
      onTrouble?.(ending.failure);
      await pause(delay, undefined, { signal }).catch(() => undefined);
    }
    if (signal?.aborted === true && !lines.isDone) throw new LoadFailed({ kind: 'aborted' }, lines.first);
    lines.throwFault();
  } finally {
    signal?.removeEventListener('abort', wake);
    lines.close();
  }
}

/** Waits for a line, so that no request is begun for nothing. False when there is none to come. */
async function somethingToSend<User>(
  lines: UnansweredLines<User>,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  for (;;) {
    if (signal?.aborted === true) return false;
    lines.rewind();
    const next = lines.next();
    lines.rewind();
    if (next !== 'later') return next !== 'end';
    await lines.changed();
  }
}

/** One request, with all lines that have no result yet and those that come. */
async function* send<User>(
  transport: Transport,
  path: string,
  lines: UnansweredLines<User>,
  { gzip, signal }: { readonly gzip: boolean; readonly signal: AbortSignal | undefined },
): AsyncGenerator<UpsertBatch<User>, Ending, undefined> {
  const over = new AbortController();
  const before = lines.first - 1;
  try {
    const opened = await transport.stream({
      path,
      headers: {
        'content-type': 'application/x-ndjson',
        ...(gzip && { 'content-encoding': 'gzip' }),
      },
      body: sendLines(lines, { gzip, signal: over.signal }),
      signal,
    });
    if (!opened.ok) return { kind: 'failed', failure: opened.failure };
    for await (const told of readLines(opened.body)) {
      const { results, fault, summary } = match(told, before, lines);
      if (results.length > 0) yield results;
      // Only now: the source is read no further than results are taken.
      for (const { line } of results) lines.answer(line);
      if (fault !== null) return senseless(fault);
      if (summary !== null) return endingOf(summary, lines);
    }
    return { kind: 'failed', failure: { kind: 'unreachable', message: 'the answer was cut off' } };
  } catch (error) {
    if (signal?.aborted === true) return { kind: 'failed', failure: { kind: 'aborted' } };
    if (error instanceof SyntaxError) return senseless(error.message);
    const message = error instanceof Error ? error.message : String(error);
    return { kind: 'failed', failure: { kind: 'unreachable', message } };
  } finally {
    over.abort();
    lines.wake();
  }
}

interface Matched<User> {
  readonly results: UpsertBatch<User>;
  /** What makes no sense after them; null where all does. */
  readonly fault: string | null;
  /** The line that ends the answer, where it was among them. */
  readonly summary: BulkUserSummary | null;
}

/** Puts what lines of the answer say beside the users that they are about, up to one that ends it. */
function match<User>(
  told: readonly (BulkUserResult | BulkUserSummary)[],
  before: number,
  lines: UnansweredLines<User>,
): Matched<User> {
  const results: UpsertResult<User>[] = [];
  for (const one of told) {
    if ('done' in one) return { results, fault: null, summary: one };
    const number = before + one.line;
    const due = lines.first + results.length;
    const line = number === due ? lines.waiting(number) : undefined;
    if (line === undefined) {
      return { results, fault: `a result of line ${number} where ${due} was due`, summary: null };
    }
    results.push({ ...one, line: number, user: line.user });
  }
  return { results, fault: null, summary: null };
}

function endingOf<User>(summary: BulkUserSummary, lines: UnansweredLines<User>): Ending {
  if (summary.done) {
    return lines.isDone ? { kind: 'complete' } : senseless(`an end before the result of line ${lines.first}`);
  }
  const errors = summary.errors.map(({ code = null, title }) => ({ code, title, meta: {} }));
  return { kind: 'stopped', failure: { kind: 'unavailable', status: 200, retryAfterMs: null, errors } };
}

function senseless(title: string): Ending {
  const errors = [{ code: null, title: `the answer makes no sense: ${title}`, meta: {} }];
  return { kind: 'failed', failure: { kind: 'unavailable', status: 200, retryAfterMs: null, errors } };
}
