import { describe, expect, it } from 'vitest';
import type { BatchCount, Report } from '../../sync/report.ts';
import { Progress } from './progress.ts';

const BATCH: BatchCount = {
  users: 500,
  unchanged: 0,
  removed: 0,
  events: 0,
  messages: 0,
  noRecipients: 0,
  rejected: 0,
};
const delivered: Report = { kind: 'delivered', batch: BATCH, backlogBytes: 2000 };
const looked: Report = {
  kind: 'looked',
  at: 'users',
  count: { known: 0, scanned: 2000, fresh: 2000, changed: 0, gone: 0, goneSample: [] },
};

function told(isScreen: boolean, reports: readonly (readonly [at: number, Report])[]): string {
  let text = '';
  const output = { isScreen, write: (part: string) => void (text += part) };
  const progress = new Progress(output, 100);
  for (const [at, report] of reports) progress.take(report, at);
  progress.end();
  return text;
}

describe('progress', () => {
  it('tells a log of a stage now and then, and of its end', () => {
    const batches = Array.from({ length: 4 }, (_, i) => [i * 100, delivered] as const);
    const lines = told(false, [[0, looked], ...batches, [400, { kind: 'caught-up' }]])
      .trim()
      .split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[1]).toContain('sent      500 users');
    expect(lines[2]).toContain('sent      2000 users');
  });

  it('says how long it takes by the limit of the target', () => {
    expect(
      told(false, [
        [0, looked],
        [5000, delivered],
      ]),
    ).toContain('1,500 to go, 15s at 100/s');
  });

  it('writes over one line on a screen', () => {
    const text = told(true, [
      [0, delivered],
      [1000, delivered],
      [2000, delivered],
    ]);
    expect(text.match(/\r/g)).toHaveLength(3);
    expect(text.match(/\n/g)).toHaveLength(1);
  });

  it('does not repeat a trouble that goes on', () => {
    const trouble: Report = { kind: 'trouble', where: 'target', detail: 'is away' };
    expect(
      told(false, [
        [0, trouble],
        [1, trouble],
        [2, delivered],
        [3, trouble],
      ]).match(/is away/g),
    ).toHaveLength(2);
  });
});
