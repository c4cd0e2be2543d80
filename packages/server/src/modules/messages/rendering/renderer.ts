import type { Clock } from '../../../platform/clock.ts';
import type { Logger } from '../../../platform/log.ts';
import { assembleEmail } from './email-program.ts';
import { OpenJob } from './open-job.ts';
import { ProgramCache } from './program-cache.ts';
import type { RenderJob, RenderResult } from './render-job.ts';
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
  render(job: RenderJob): Promise<readonly RenderResult[]>;
  /** Ends the rendering processs. Jobs under way are not finished. */
  close(): Promise<void>;
}

export function createRenderer({ workers, clock, log }: RendererOptions): Renderer {
  const programs = new ProgramCache();
  const queue = new RenderQueue();
  const pool = Array.from({ length: workers }, () => new RenderWorker(queue, clock, log));
  return {
    render(job) {
      const known = programs.get(job.key, job.content);
      const { program } = known;
      if (program === null) return Promise.resolve(job.recipients.map(() => UNREADABLE));
      if (program.parts === 0 || job.recipients.length === 0) {
        const email = assembleEmail(program, [], 0);
        return Promise.resolve(job.recipients.map(() => ({ ok: true, email })));
      }
      return new Promise((resolve) => {
        queue.add(new OpenJob(job, known, program, resolve), 0, job.recipients.length);
        for (const worker of pool) worker.pull();
      });
    },
    async close() {
      await Promise.all(pool.map((worker) => worker.close()));
    },
  };
}

const UNREADABLE: RenderResult = { ok: false, reason: 'the template cannot be rendered' };
