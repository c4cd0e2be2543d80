import type { Clock } from '../../../../platform/clock.ts';
import type { Logger } from '../../../../platform/log.ts';
import type { KeptMessage, MessageBox } from '../inbox/message-box.ts';
import { newsOf } from './mail-news.ts';
import type { TellMailNews } from './mail-news.ts';

export interface FateReporterOptions {
  readonly box: MessageBox;
  readonly clock: Clock;
  readonly log: Logger;
  readonly tell: TellMailNews;
  readonly reportAfterMs: number;
}

const LARGEST_REPORT = 500;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
/** Providers give up too: a delivery that was deleted meanwhile will never be known. */
const GIVE_UP_MS = 3_600_000;

/**
 * Tells the platform what became of each kept mail, as the provider does that it came through: over HTTP, signed,
 * some time later, and again until it is answered. What is still to tell is in the table, so a restart forgets
 * nothing.
 */
export class FateReporter {
  readonly #options: FateReporterOptions;
  #running: Promise<void> | null = null;
  #again = false;
  #stopped = false;
  #endPause: () => void = () => undefined;

  constructor(options: FateReporterOptions) {
    this.#options = options;
  }

  /** There may be something to tell. Returns at once. */
  wake(): void {
    this.#again = true;
    if (this.#stopped || this.#running !== null) return;
    this.#running = this.#run().finally(() => {
      this.#running = null;
      if (this.#again && !this.#stopped) this.wake();
    });
  }

  /** Lets the report under way end. What is not told yet is told after the next start. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#endPause();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { log, reportAfterMs } = this.#options;
    let pause = FIRST_PAUSE_MS;
    while (this.#again && !this.#stopped) {
      this.#again = false;
      if (reportAfterMs > 0) await this.#pause(reportAfterMs);
      try {
        if (!this.#stopped) await this.#reportAll();
        pause = FIRST_PAUSE_MS;
      } catch (error) {
        this.#again = true;
        log.warn({ err: error }, 'the sandbox could not report to the platform and will try again');
        await this.#pause(pause);
        pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
      }
    }
  }

  /** Ends early when the reporter is stopped. */
  async #pause(ms: number): Promise<void> {
    if (this.#stopped) return;
    const { clock } = this.#options;
    await new Promise<void>((resolve) => {
      const timer = clock.at(clock.now() + ms, resolve);
      this.#endPause = () => {
        timer.cancel();
        resolve();
      };
    });
  }

  async #reportAll(): Promise<void> {
    const { box, clock } = this.#options;
    for (;;) {
      const since = clock.now() - GIVE_UP_MS;
      const messages = await box.unreported(since, LARGEST_REPORT);
      if (messages.length === 0 || this.#stopped) return;
      const told = await this.#tell(messages);
      await box.markReported(told, clock.now());
      if (told.length < messages.length) throw new Error('The platform did not take every report.');
      if (messages.length < LARGEST_REPORT) return;
    }
  }

  /** The ids that were taken. A report that is refused is cut in two: one mail must not hold up the others. */
  async #tell(messages: readonly KeptMessage[]): Promise<number[]> {
    if (await this.#options.tell(messages.flatMap(newsOf))) return messages.map(({ id }) => id);
    if (messages.length === 1 || this.#stopped) return [];
    const middle = messages.length >> 1;
    const first = await this.#tell(messages.slice(0, middle));
    return [...first, ...(await this.#tell(messages.slice(middle)))];
  }
}
