import type { Clock } from '../../../platform/clock.ts';
import type { Logger } from '../../../platform/log.ts';
import { assemble } from './content-program.ts';
import { fillPlainly } from './fill-plainly.ts';
import { OpenJob } from './open-job.ts';
import { ProgramCache } from './program-cache.ts';
import type { Renderable, RenderJob, RenderResult, TextsOf } from './render-job.ts';
import { RenderQueue } from './render-queue.ts';
import { RenderWorker } from './render-worker.ts';

export interface RendererOptions {
  /** Rendering processes. One keeps up with some 60,000 small emails a second. */
  readonly workers: number;
  /** What `now` means in templates. */
  readonly clock: Clock;
  readonly log: Logger;
}

export interface Renderer {
  /**
   * Fills a content in for each recipient: the results in the order of the recipients. Never rejects
   * for what a template does; that is the result of the recipients it did it to.
   */
  render<Said extends Renderable>(job: RenderJob<Said>): Promise<readonly RenderResult<Said>[]>;
  /** Ends the rendering processs. Jobs under way are not finished. */
  close(): Promise<void>;
}

export function createRenderer({ workers, clock, log }: RendererOptions): Renderer {
  const programs = new ProgramCache();
  const queue = new RenderQueue();
  const pool = Array.from({ length: workers }, () => new RenderWorker(queue, clock, log));
  return {
    async render<Said extends Renderable>(job: RenderJob<Said>) {
      const known = programs.get(job.key, job.content, job.language ?? null);
      const { program } = known;
      if (program === null) return job.recipients.map(() => UNREADABLE);
      if (program.parts === 0 || job.recipients.length === 0) {
        const texts = assemble(program, [], 0) as TextsOf<Said>;
        return job.recipients.map(() =>
          job.explain ? { ok: true, texts, faults: [] } : { ok: true, texts },
        );
      }
      const wants = program.wanted.subscriptions ? job.subscriptionsOf : undefined;
      const subscriptions = (await wants?.(job.recipients)) ?? NOBODYS;
      const { unsubscribeToken, feedData } = job;
      const filled = fillPlainly(program, job, { subscriptions, unsubscribeToken, feedData });
      if (filled !== null) return filled;
      return new Promise<RenderResult<Said>[]>((resolve) => {
        const done = resolve as (results: RenderResult<Renderable>[]) => void;
        queue.add(new OpenJob({ job, known, program, subscriptions }, done), 0, job.recipients.length);
        for (const worker of pool) worker.pull();
      });
    },
    async close() {
      await Promise.all(pool.map((worker) => worker.close()));
    },
  };
}

const NOBODYS = new Map<string, never>();

const UNREADABLE: RenderResult<never> = { ok: false, reason: 'the template cannot be rendered' };
