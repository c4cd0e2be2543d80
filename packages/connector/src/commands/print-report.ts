import type { Report } from '../sync/report.ts';

/** One line for a person, or null where a report is for machines only. */
export function lineOf(report: Report): string | null {
  switch (report.kind) {
    case 'reading':
      return `changes   read by ${report.mode}: ${report.why}`;
    case 'begun':
      return report.reason === 'resumed'
        ? 'source    going on where the last run stopped'
        : report.reason === 'first'
          ? `source    first run: ${report.history} rows had reached a trigger's state before and stay silent`
          : 'source    it had forgotten our place: everything is compared again';
    case 'looked': {
      const { scanned, fresh, changed, gone } = report.count;
      return `looked    ${report.at}: ${scanned} rows, ${fresh} new, ${changed} changed, ${gone} gone`;
    }
    case 'reconciled':
      return report.missed === 0
        ? 'compared  nothing had changed untold'
        : `compared  ${report.missed} rows had changed without being told of, by statements that left the time of the change alone`;
    case 'pass':
      return `users     ${report.queued} queued${report.done ? ', all of them' : ''}`;
    case 'delivered': {
      const { users, unchanged, removed, events, messages, noRecipients, rejected } = report.batch;
      const parts = [
        users > 0 && `${users} users`,
        unchanged > 0 && `${unchanged} unchanged`,
        removed > 0 && `${removed} removed`,
        events > 0 && `${events} events`,
        messages > 0 && `${messages} messages`,
        noRecipients > 0 && `${noRecipients} messages reach nobody`,
        rejected > 0 && `${rejected} rejected`,
      ].filter((part) => part !== false);
      return parts.length === 0 ? null : `sent      ${parts.join(', ')}; ${report.backlogBytes} bytes wait`;
    }
    case 'receiving':
      return `receiving ${report.url}`;
    case 'returned':
      return `returned  ${report.events} message events`;
    case 'trouble':
      return `waiting   ${report.where}: ${report.detail}`;
    case 'caught-up':
      return null;
  }
}
