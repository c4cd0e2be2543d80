import { countFailed, countNotRun, countPassed } from '../run/outcome.ts';
import type { Outcome } from '../run/outcome.ts';
import { clientRows } from './client-row.ts';
import { operationRows } from './operation-row.ts';

/** What a run prints: every operation, every client, every failure, and the totals as the last line. */
export function consoleTable(outcome: Outcome): string {
  const rows = operationRows(outcome);
  const width = Math.max(...rows.map(({ route }) => route.length));
  const lines: string[] = [];
  let area = '';
  for (const row of rows) {
    if (row.area !== area) lines.push('', row.area);
    area = row.area;
    const cases = row.cases === 0 ? '' : `${row.cases} ${row.cases === 1 ? 'case' : 'cases'}`;
    lines.push(
      `  ${row.state.padEnd(8)} ${row.route.padEnd(width)}  ${cases.padEnd(9)} ${row.note}`.trimEnd(),
    );
  }
  lines.push('', 'Clients');
  for (const { client, passed, failed, notYet } of clientRows(outcome)) {
    lines.push(`  ${client}`, `    passed   ${passed.join(', ')}`);
    if (failed.length > 0) lines.push(`    failed   ${failed.join(', ')}`);
    if (notYet.length > 0) lines.push(`    not yet  ${notYet.join(', ')}`);
  }
  for (const one of outcome.cases) {
    if (one.state === 'failed')
      lines.push('', `FAILED ${one.of.title}`, `  ${one.of.operations.join(', ')}`, `  ${one.reason}`);
  }
  for (const gap of outcome.gaps) {
    if (gap.state !== 'otherwise') continue;
    const { operation, part, treatment } = gap.of;
    lines.push(
      '',
      `FAILED ${part} is listed as not built and ${treatment}`,
      `  ${operation}`,
      `  ${gap.reason}`,
    );
    lines.push(
      '  If it is built, take it out of cases/gaps.ts and add a case. Otherwise the server is at fault.',
    );
  }
  const notRun = countNotRun(outcome);
  const more = notRun === 0 ? '' : `, ${notRun} not run`;
  lines.push('', `${countPassed(outcome)} passed, ${countFailed(outcome)} failed${more}`);
  return lines.join('\n');
}
