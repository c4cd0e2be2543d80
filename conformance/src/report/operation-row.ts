import { cases } from '../cases/cases.ts';
import { gaps } from '../cases/gaps.ts';
import type { Gap } from '../cases/gaps.ts';
import { operations, routeOf } from '../operations/operations.ts';
import type { OperationName } from '../operations/operations.ts';
import type { Outcome } from '../run/outcome.ts';

export interface OperationRow {
  readonly name: OperationName;
  readonly area: string;
  readonly route: string;
  readonly state: 'passed' | 'failed' | 'not yet' | 'not run';
  /** How many cases show it. */
  readonly cases: number;
  /** Documented parts that are not built, or why it failed. */
  readonly note: string;
}

/** One row for each operation. */
export function operationRows(outcome: Outcome): OperationRow[] {
  return operations.map((operation) => ({
    name: operation.name,
    area: operation.area,
    route: routeOf(operation),
    cases: casesOf(operation.name),
    ...stateOf(operation.name, outcome),
  }));
}

export function casesOf(name: OperationName): number {
  return cases.filter((one) => (one.operations as readonly string[]).includes(name)).length;
}

function stateOf(name: OperationName, outcome: Outcome): Pick<OperationRow, 'state' | 'note'> {
  const own = outcome.cases.filter(({ of }) => (of.operations as readonly string[]).includes(name));
  const failed = own.filter((one) => one.state === 'failed');
  if (failed.length > 0) return { state: 'failed', note: failed.map(({ of }) => of.title).join('; ') };
  if (own.length === 0) {
    const answers = outcome.unexpected.includes(name);
    return { state: 'not yet', note: answers ? 'the server answers, but no case shows how' : '' };
  }
  if (own.every((one) => one.state === 'not run')) {
    return { state: 'not run', note: 'needs --organization and --organization-key' };
  }
  return { state: 'passed', note: missingParts(name) };
}

function missingParts(name: OperationName): string {
  const listed = (treatment: Gap['treatment']) => {
    const parts = gaps.filter((gap) => gap.operation === name && gap.treatment === treatment);
    return parts.length === 0
      ? []
      : [`not yet, and ${treatment}: ${parts.map(({ part }) => part).join(', ')}`];
  };
  return [...listed('refused'), ...listed('ignored')].join('; ');
}
