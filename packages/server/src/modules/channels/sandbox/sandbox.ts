import type { Clock } from '../../../platform/clock.ts';
import type { TokenSigner } from '../../../platform/crypto/index.ts';
import { Coalescer } from '../../../platform/database/coalescer.ts';
import type { Database } from '../../../platform/database/database.ts';
import type { Logger } from '../../../platform/log.ts';
import { readCopyId, readMessageId } from '../email/message-id.ts';
import { FateReporter } from './mail/report-fates.ts';
import { SandboxStore } from './inbox/sandbox-store.ts';
import type { ArrivedMessage } from './inbox/sandbox-store.ts';
import { startSmtpReceiver } from './mail/smtp-receiver.ts';
import type { SmtpReceiver } from './mail/smtp-receiver.ts';

export interface SandboxOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Logger;
  readonly signer: TokenSigner;
  readonly host: string;
  /** Of the SMTP receiver; 0 takes any free one. */
  readonly smtpPort: number;
  /** Most messages that are kept: the oldest go first. */
  readonly keeps: number;
  /** Where this platform takes reports: its own base address, reached from here. */
  readonly platformUrl: () => string;
  /** How long after a message's arrival its fate is reported, in milliseconds. */
  readonly reportAfterMs: number;
}

/** The sandbox of a running server: receivers that keep what arrives and report on it. */
export class Sandbox {
  readonly store: SandboxStore;
  readonly #receiver: SmtpReceiver;
  readonly #reporter: FateReporter;

  private constructor(store: SandboxStore, receiver: SmtpReceiver, reporter: FateReporter) {
    this.store = store;
    this.#receiver = receiver;
    this.#reporter = reporter;
  }

  /** Begins to listen. Rejects when the port is taken. */
  static async start(options: SandboxOptions): Promise<Sandbox> {
    const { database, clock, signer } = options;
    const store = new SandboxStore(database);
    const reporter = new FateReporter({ ...options, store });
    const arriving = new Coalescer<ArrivedMessage, void>({
      inFlight: 2,
      largest: 200,
      flush: async (batch) => {
        await store.insert(batch, options.keeps);
        return batch.map(() => undefined);
      },
    });
    const receiver = await startSmtpReceiver({
      clock,
      host: options.host,
      port: options.smtpPort,
      keepsBodies: true,
      async take(mail) {
        // A copy says what its delivery says: whoever erases a person must find it.
        const reference = readMessageId(signer, mail.providerId) ?? readCopyId(signer, mail.providerId);
        await arriving.submit({ ...mail, reference });
        reporter.wake();
      },
    });
    reporter.wake();
    return new Sandbox(store, receiver, reporter);
  }

  get smtpPort(): number {
    return this.#receiver.port;
  }

  async stop(): Promise<void> {
    await this.#receiver.close();
    await this.#reporter.stop();
  }
}
