import { Client } from '@carillon/client';
import type { Answer, Failure } from '@carillon/client';
import { persist } from './persist.ts';
import type { Pace } from './pace.ts';
import { TemplateNames } from './template-names.ts';

/** What every adapter asks its target with. */
export class TargetCalls {
  readonly client: Client;
  readonly templates: TemplateNames;
  /** Told of each failed try that will be repeated. */
  readonly onTrouble: (failure: Failure) => void;

  constructor(
    { url, appId, apiKey }: { readonly url: string; readonly appId: string; readonly apiKey: string },
    connections: number,
    onTrouble: (failure: Failure) => void,
  ) {
    // Waiting is done here, for all calls of a kind together.
    this.client = new Client({
      url,
      appId,
      apiKey,
      retry: { retries: 0, baseDelayMs: 1000 },
      connections,
    });
    this.templates = new TemplateNames(this.client);
    this.onTrouble = onTrouble;
  }

  /** Calls until there is an answer that will not change. */
  persist<Value>(
    pace: Pace,
    signal: AbortSignal,
    call: () => Promise<Answer<Value>>,
  ): Promise<Answer<Value>> {
    return persist(pace, signal, this.onTrouble, call);
  }

  close(): Promise<void> {
    return this.client.close();
  }
}
