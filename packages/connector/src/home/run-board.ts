import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { redactText } from '../model/redact.ts';
import type { BatchCount, Report } from '../sync/report.ts';
import { writeWhole } from './write-whole.ts';

/** What a run tells about itself while it works, and leaves behind when it ends. No personal data. */
export interface RunStatus {
  readonly command: 'sync' | 'watch';
  readonly pid: number;
  /** Times are milliseconds since the epoch. */
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly reading: string | null;
  readonly sent: BatchCount;
  readonly returned: number;
  /** Items with an answer in the last minute, a second. */
  readonly rate: number;
  readonly lastDeliveredAt: number | null;
  /** When nothing waited last. */
  readonly caughtUpAt: number | null;
  /** Tries that failed and were repeated. */
  readonly troubles: number;
  readonly lastTrouble: { readonly at: number; readonly where: string; readonly detail: string } | null;
}

const WRITE_EVERY_MS = 1000;
const RATE_OVER_MS = 60_000;

/** Turns reports into a small file that others read: `status`, whoever runs it. */
export class RunBoard {
  readonly #path: string;
  readonly #timer: NodeJS.Timeout;
  readonly #recent: { readonly at: number; readonly items: number }[] = [];
  #status: RunStatus;

  constructor(directory: string, command: RunStatus['command'], now = Date.now()) {
    this.#path = join(directory, BOARD);
    this.#status = { ...BLANK, command, pid: process.pid, startedAt: now };
    this.#write();
    this.#timer = setInterval(() => this.#write(), WRITE_EVERY_MS).unref();
  }

  take(report: Report, now = Date.now()): void {
    this.#status = { ...this.#status, ...this.#told(report, now) };
  }

  get status(): RunStatus {
    return { ...this.#status, rate: this.#rate(Date.now()) };
  }

  close(now = Date.now()): void {
    clearInterval(this.#timer);
    this.#status = { ...this.#status, endedAt: now };
    this.#write();
  }

  #told(report: Report, now: number): Partial<RunStatus> {
    switch (report.kind) {
      case 'reading':
        return { reading: `${report.mode}: ${report.why}` };
      case 'delivered':
        this.#recent.push({ at: now, items: itemsOf(report.batch) });
        return { sent: sum(this.#status.sent, report.batch), lastDeliveredAt: now };
      case 'caught-up':
        return { caughtUpAt: now };
      case 'returned':
        return { returned: this.#status.returned + report.events };
      case 'trouble':
        return {
          troubles: this.#status.troubles + 1,
          lastTrouble: { at: now, where: report.where, detail: redactText(report.detail) },
        };
      case 'begun':
      case 'looked':
      case 'reconciled':
      case 'receiving':
      case 'pass':
        return {};
    }
  }

  #rate(now: number): number {
    while ((this.#recent[0]?.at ?? now) < now - RATE_OVER_MS) this.#recent.shift();
    const items = this.#recent.reduce((all, { items }) => all + items, 0);
    const over = Math.min(RATE_OVER_MS, Math.max(1000, now - this.#status.startedAt));
    return items / (over / 1000);
  }

  #write(): void {
    writeWhole(this.#path, JSON.stringify(this.status));
  }
}

/** What the last run told, or null before the first. */
export function lookAtBoard(directory: string): RunStatus | null {
  const path = join(directory, BOARD);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as RunStatus) : null;
}

const BOARD = 'run.json';

const NOTHING_SENT: BatchCount = {
  users: 0,
  unchanged: 0,
  removed: 0,
  events: 0,
  messages: 0,
  noRecipients: 0,
  rejected: 0,
};

const BLANK: RunStatus = {
  command: 'sync',
  pid: 0,
  startedAt: 0,
  endedAt: null,
  reading: null,
  sent: NOTHING_SENT,
  returned: 0,
  rate: 0,
  lastDeliveredAt: null,
  caughtUpAt: null,
  troubles: 0,
  lastTrouble: null,
};

function itemsOf(batch: BatchCount): number {
  return Object.values(batch).reduce((all, count) => all + count, 0);
}

function sum(a: BatchCount, b: BatchCount): BatchCount {
  return Object.fromEntries(
    Object.entries({ ...a, ...b }).map(([name]) => {
      const of = (count: BatchCount) => (count as unknown as Record<string, number>)[name] ?? 0;
      return [name, of(a) + of(b)];
    }),
  ) as unknown as BatchCount;
}
