import { redactText } from '../model/redact.ts';
import type { Report } from '../sync/report.ts';

/** A report as it goes into logs: without keys, and without what a database or a target quotes of a person. */
export function withoutPersonal(report: Report): Report {
  switch (report.kind) {
    case 'looked':
      return { ...report, count: { ...report.count, goneSample: [] } };
    case 'trouble':
      return { ...report, detail: redactText(report.detail) };
    case 'reading':
    case 'begun':
    case 'reconciled':
    case 'pass':
    case 'delivered':
    case 'caught-up':
    case 'returned':
    case 'receiving':
      return report;
  }
}
