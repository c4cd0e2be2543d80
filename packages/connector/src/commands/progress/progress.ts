import type { BatchCount, Report } from '../../sync/report.ts';
import { bytesOf, countOf, spanOf } from '../ago.ts';
import { lineOf } from '../print-report.ts';

/** Where progress goes: a screen, whose last line can be written over, or a log. */
export interface Output {
  readonly isScreen: boolean;
  write(text: string): void;
}

/** Between two lines about the same stage: screens are looked at, logs are kept. */
const SCREEN_MS = 200;
const LOG_MS = 5000;
/** The rate that is told is that of so long. */
const RATE_OVER_MS = 10_000;

/**
 * Reports as lines for people: each stage is one line, written over on a screen and told now and then
 * in a log. How long it will still take is known from the target's limit, not from what was.
 */
export class Progress {
  readonly #output: Output;
  readonly #perSecond: number | null;
  readonly #recent: { readonly at: number; readonly items: number }[] = [];
  #total: BatchCount | null = null;
  #toSend = 0;
  #backlog = 0;
  #toldAt = -Infinity;
  #open = false;
  #untold = false;
  #trouble: string | null = null;

  /** `perSecond`: users that the target takes in a second; null where no limit is known. */
  constructor(output: Output, perSecond: number | null) {
    this.#output = output;
    this.#perSecond = perSecond;
  }

  take(report: Report, now: number): void {
    switch (report.kind) {
      case 'looked':
        this.#toSend = report.count.fresh + report.count.changed + report.count.gone;
        return this.#stage(report);
      case 'delivered':
        this.#trouble = null;
        return this.#delivered(report.batch, report.backlogBytes, now);
      case 'pass':
        // How many were queued shows in what is sent.
        return report.done && report.queued === 0 ? this.#stage(report) : undefined;
      case 'trouble':
        if (this.#trouble === report.detail) return;
        this.#trouble = report.detail;
        return this.#stage(report);
      case 'caught-up':
        return this.end();
      case 'reading':
      case 'begun':
      case 'returned':
      case 'reconciled':
      case 'receiving':
        return this.#stage(report);
    }
  }

  /** Tells what was not told yet. */
  end(): void {
    if (this.#untold) this.#tell(this.#recent.at(-1)?.at ?? 0);
    if (this.#open) this.#output.write('\n');
    this.#open = false;
  }

  #stage(report: Report): void {
    const line = lineOf(report);
    if (line === null) return;
    this.end();
    this.#output.write(`${line}\n`);
  }

  #delivered(batch: BatchCount, backlog: number, now: number): void {
    const before = this.#total;
    this.#total = before === null ? batch : added(before, batch);
    this.#backlog = backlog;
    this.#toSend = Math.max(0, this.#toSend - batch.users - batch.unchanged - batch.removed);
    this.#recent.push({ at: now, items: sum(batch) });
    while ((this.#recent[0]?.at ?? now) < now - RATE_OVER_MS) this.#recent.shift();
    this.#untold = true;
    if (now - this.#toldAt >= (this.#output.isScreen ? SCREEN_MS : LOG_MS)) this.#tell(now);
  }

  #tell(now: number): void {
    this.#toldAt = now;
    this.#untold = false;
    const text = this.#line(now);
    if (text === null) return;
    this.#output.write(this.#output.isScreen ? `\r\u001B[K${text}` : `${text}\n`);
    this.#open = this.#output.isScreen;
  }

  #line(now: number): string | null {
    if (this.#total === null) return null;
    const line = lineOf({ kind: 'delivered', batch: this.#total, backlogBytes: this.#backlog });
    if (line === null) return null;
    const over = Math.max(1000, now - (this.#recent[0]?.at ?? now));
    const rate = (this.#recent.reduce((all, { items }) => all + items, 0) / over) * 1000;
    const left =
      this.#perSecond === null || this.#toSend === 0
        ? ''
        : `; ${countOf(this.#toSend)} to go, ${spanOf((this.#toSend / this.#perSecond) * 1000)} at ${countOf(this.#perSecond)}/s`;
    const waits = this.#backlog === 0 ? '' : `; ${bytesOf(this.#backlog)} wait`;
    return `${line.split(';')[0] ?? ''}; ${rate.toFixed(0)}/s${waits}${left}`;
  }
}

function sum(batch: BatchCount): number {
  return Object.values(batch).reduce<number>((all, count) => all + Number(count), 0);
}

function added(a: BatchCount, b: BatchCount): BatchCount {
  const names = Object.keys(b) as (keyof BatchCount)[];
  return Object.fromEntries(names.map((name) => [name, a[name] + b[name]])) as unknown as BatchCount;
}
