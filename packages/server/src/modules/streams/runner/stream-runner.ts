import type { Hints } from '../../../platform/database/hints.ts';
import type { Logger } from '../../../platform/log.ts';
import { Lookout } from '../../../platform/lookout.ts';
import { newId } from '../../../platform/ids.ts';
import type { Destination } from '../destination.ts';
import type { StreamSettings } from '../event-streams/stream-settings.ts';
import { Bell } from './bell.ts';
import { StreamWork } from './stream-work.ts';
import type { WorkOptions } from './work-options.ts';
import { claimStreams, nextLeaseEnd, releaseStream, renewStreams } from './work-store.ts';
import type { ClaimedStream } from './work-store.ts';

export interface StreamRunnerOptions extends WorkOptions {
  readonly hints: Hints;
  readonly log: Logger;
  /** How often leases are renewed, in milliseconds of the machine's clock: a few times in a lease. */
  readonly lookEveryMs: number;
  /** Opens what somebody has set. */
  readonly settingsOf: (stream: ClaimedStream) => StreamSettings;
  readonly destinationOf: (stream: ClaimedStream, settings: StreamSettings) => Destination;
}

const MOST_STREAMS = 500;

/** A stream that this process works. */
interface Running {
  readonly claimed: ClaimedStream;
  readonly bell: Bell;
  /** Milliseconds since the epoch: after that others may have it. */
  leaseUntil: number;
  isLost: boolean;
  end: Promise<void>;
}

/** Works the streams that this process has claimed, each by itself: a slow or dead one delays no other. */
export class StreamRunner {
  readonly #options: StreamRunnerOptions;
  readonly #owner = newId();
  readonly #lookout: Lookout;
  readonly #running = new Map<string, Running>();
  #stopHearing: (() => void) | undefined;

  constructor(options: StreamRunnerOptions) {
    this.#options = options;
    this.#lookout = new Lookout({
      ...options,
      topic: 'streams',
      everyMs: options.lookEveryMs,
      look: () => this.#look(),
      onError: (error) => options.log.error({ error }, 'event streams could not be looked for'),
    });
  }

  start(): void {
    this.#stopHearing = this.#options.hints.on('feed', () => this.#ring());
    this.#lookout.start();
  }

  /** Finishes the requests under way and writes down what came of them; then others may have the streams. */
  async stop(): Promise<void> {
    this.#stopHearing?.();
    await this.#lookout.stop();
    this.#ring();
    await Promise.all([...this.#running.values()].map(({ end }) => end));
  }

  #ring(): void {
    for (const { bell } of this.#running.values()) bell.ring();
  }

  /** Who has the streams of this process. */
  get owner(): string {
    return this.#owner;
  }

  /** Keeps what is ours, and claims what is nobody's; looks again when the next lease of others is over. */
  async #look(): Promise<number | null> {
    const { database, clock, leaseMs } = this.#options;
    if (this.#lookout.isStopping) return null;
    const now = clock.now();
    const ours = [...this.#running.values()];
    const standings = await renewStreams(
      database,
      ours.map(({ claimed }) => claimed),
      now + leaseMs,
    );
    for (const running of ours) {
      const standing = standings.get(running.claimed.id);
      const isOurs =
        standing?.state === 'active' && standing.updatedAt.getTime() === running.claimed.updatedAt.getTime();
      if (isOurs) running.leaseUntil = now + leaseMs;
      else running.isLost = true;
      running.bell.ring();
    }
    const most = MOST_STREAMS - this.#running.size;
    const except = ours.map(({ claimed }) => claimed);
    if (most <= 0) return null;
    for (const claimed of await claimStreams(database, { owner: this.#owner, now, leaseMs, most, except })) {
      this.#begin(claimed, now + leaseMs);
    }
    return nextLeaseEnd(database, this.#owner, now);
  }

  #begin(claimed: ClaimedStream, leaseUntil: number): void {
    const { log } = this.#options;
    const running: Running = {
      claimed,
      bell: new Bell(),
      leaseUntil,
      isLost: false,
      end: Promise.resolve(),
    };
    this.#running.set(claimed.id, running);
    running.end = this.#work(running)
      .catch((error: unknown) => {
        // It is claimed again when the lease is over.
        const { appId, name } = claimed;
        log.error({ error, appId, stream: name }, 'an event stream could not go on, and is taken up again');
        return false;
      })
      .then((isReleased) => {
        this.#running.delete(claimed.id);
        if (isReleased) this.#lookout.look();
      });
  }

  async #work(running: Running): Promise<boolean> {
    const { database, clock, settingsOf, destinationOf } = this.#options;
    const { claimed } = running;
    const mayWork = () => !running.isLost && !this.#lookout.isStopping && clock.now() < running.leaseUntil;
    const settings = settingsOf(claimed);
    const work = new StreamWork(this.#options, claimed, settings, destinationOf(claimed, settings));
    try {
      await work.open();
      while (mayWork()) {
        const after = await work.round(mayWork);
        if (after.kind === 'end') break;
        if (after.kind === 'wait' && mayWork()) await running.bell.wait(clock, after.until);
      }
    } finally {
      await work.close();
    }
    await releaseStream(database, claimed);
    return true;
  }
}
