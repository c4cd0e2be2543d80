import type { SmsKeywordsBody, SmsKeywordsView } from '@carillon/wire';
import type { Answer } from '../failure.ts';
import { segment } from '../transport.ts';
import type { Transport } from '../transport.ts';

/** The words that people text to stop, start and ask for help, and what is answered. */
export class SmsKeywords {
  readonly #transport: Transport;
  readonly #path: string;

  constructor(transport: Transport, appId: string) {
    this.#transport = transport;
    this.#path = `/apps/${segment(appId)}/channels/sms/keywords`;
  }

  view(signal?: AbortSignal): Promise<Answer<SmsKeywordsView>> {
    return this.#transport.send({ method: 'GET', path: this.#path, repeatable: true, signal });
  }

  /** Replaces everything. Words are added to the fixed ones, which no app can take away. */
  set(keywords: SmsKeywordsBody, signal?: AbortSignal): Promise<Answer<SmsKeywordsView>> {
    const call = { path: this.#path, body: keywords };
    return this.#transport.send({ method: 'PUT', ...call, repeatable: true, signal });
  }

  /** As for every app again. */
  delete(signal?: AbortSignal): Promise<Answer<{ readonly success: boolean }>> {
    return this.#transport.send({ method: 'DELETE', path: this.#path, repeatable: true, signal });
  }
}
