import type { Clock } from '../../../platform/clock.ts';
import type { Logger } from '../../../platform/log.ts';
import { GuardedProcess } from '../../../platform/process/guarded-process.ts';
import type { ProcessEnd } from '../../../platform/process/guarded-process.ts';
import { Slots } from '../../../platform/slots.ts';
import type { RenderedTexts, RenderWork } from './render-work.ts';

const PROCESS = {
  file: './webhook-render-process.ts',
  from: import.meta.url,
  heapMb: 128,
} as const;

/** Scopes at a time: one of them may take 100 ms before its limit ends it. */
const A_SLICE = 50;
const PATIENCE_MS = 10_000;

const ENDED: Readonly<Record<ProcessEnd, string>> = {
  'not started': 'the rendering process did not start',
  stuck: 'the Liquid took too long to render',
  'out of memory': 'the Liquid took too much memory to render',
  crashed: 'the Liquid cannot be rendered',
};

export interface WebhookRendererOptions {
  readonly clock: Clock;
  readonly log: Logger;
  /** What the log calls the process. */
  readonly name: string;
}

/** Renders the Liquid of webhooks in a process of its own, which is started when it is needed first. */
export class WebhookRenderer {
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #name: string;
  /** One piece of work at a time: what is under way is what brought the process down. */
  readonly #turn = new Slots(1);
  #process: GuardedProcess<RenderWork, RenderedTexts[]> | null = null;
  #answered: (answer: RenderedTexts[] | ProcessEnd) => void = () => undefined;

  constructor({ clock, log, name }: WebhookRendererOptions) {
    this.#clock = clock;
    this.#log = log;
    this.#name = name;
  }

  /** The templates rendered for each scope, in the order of the scopes. Never rejects for what a template does. */
  async render(templates: readonly string[], scopes: readonly object[]): Promise<RenderedTexts[]> {
    const rendered: RenderedTexts[] = [];
    for (let from = 0; from < scopes.length; from += A_SLICE) {
      rendered.push(...(await this.#slice(templates, scopes.slice(from, from + A_SLICE))));
    }
    return rendered;
  }

  async close(): Promise<void> {
    await this.#process?.close();
  }

  /** A slice that brings the process down goes again one by one, so that only the one at fault fails. */
  async #slice(templates: readonly string[], scopes: readonly object[]): Promise<RenderedTexts[]> {
    const answer = await this.#turn.run(() => this.#post({ templates, scopes, now: this.#clock.now() }));
    if (typeof answer !== 'string') return answer;
    if (scopes.length === 1) return [{ ok: false, reason: ENDED[answer] }];
    const one: RenderedTexts[] = [];
    for (const scope of scopes) one.push(...(await this.#slice(templates, [scope])));
    return one;
  }

  #post(work: RenderWork): Promise<RenderedTexts[] | ProcessEnd> {
    return new Promise((resolve) => {
      this.#answered = resolve;
      this.#process ??= new GuardedProcess<RenderWork, RenderedTexts[]>(
        { ...PROCESS, name: this.#name },
        this.#log,
        {
          onAnswer: (answer) => this.#answered(answer),
          onEnd: (end) => {
            this.#process = null;
            this.#answered(end);
          },
        },
      );
      this.#process.post(work, PATIENCE_MS);
    });
  }
}
