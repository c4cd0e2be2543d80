import type { Clock } from '../platform/clock.ts';
import type { Config } from '../platform/config/index.ts';
import type { Logger } from '../platform/log.ts';
import { composeStreams } from './compose-streams.ts';
import { openOutgoing } from './open-outgoing.ts';

/** A process that does nothing but work event streams. */
export interface RunningStreams {
  /** The id under which it claims streams. */
  readonly owner: string;
  /** Finishes the requests under way and ends. */
  stop(): Promise<void>;
}

export interface StartStreamsOptions {
  readonly log: Logger;
  readonly clock: Clock;
  /** How long the streams of a dead process wait for another one, in milliseconds of the clock. */
  readonly leaseMs: number;
  /** How often leases are renewed, in milliseconds of the machine's clock. */
  readonly lookEveryMs: number;
}

/** Starts the part of a worker that works event streams. The database must be up to date, `databaseUrl` configured. */
export async function startStreams(
  config: Config,
  { log, ...options }: StartStreamsOptions,
): Promise<RunningStreams> {
  const { parts, close } = await openOutgoing(config, log, 'streams');
  const { streamRunner } = composeStreams({ ...options, ...parts });
  streamRunner.start();
  parts.closers.add('event streams', () => streamRunner.stop());
  return { owner: streamRunner.owner, stop: close };
}
