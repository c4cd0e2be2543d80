import type { Clock } from '../../../../platform/clock.ts';
import { startSmtpReceiver } from './smtp-receiver.ts';

/** A mail server that keeps nothing and counts. */
export interface CountingReceiver {
  readonly port: number;
  /** Mails accepted so far. */
  accepted(): number;
  /** How often each Message-ID has arrived; empty when they are not counted. */
  arrivals(): ReadonlyMap<string, number>;
  close(): Promise<void>;
}

/**
 * The sandbox's null mode: speaks SMTP and plays the scripted faults, keeps nothing. For measuring the
 * sending side, and, with `countsIds`, for finding what was sent twice among more mails than one
 * would keep.
 */
export async function startCountingReceiver(options: {
  readonly clock: Clock;
  readonly host: string;
  readonly port: number;
  readonly countsIds: boolean;
}): Promise<CountingReceiver> {
  let accepted = 0;
  const arrivals = new Map<string, number>();
  const receiver = await startSmtpReceiver({
    ...options,
    keepsBodies: false,
    async take({ providerId }) {
      accepted += 1;
      if (options.countsIds) arrivals.set(providerId, (arrivals.get(providerId) ?? 0) + 1);
    },
  });
  return {
    port: receiver.port,
    accepted: () => accepted,
    arrivals: () => arrivals,
    close: () => receiver.close(),
  };
}
