import { clients } from '../clients/client-methods.ts';
import type { Outcome } from '../run/outcome.ts';

export interface ClientRow {
  readonly client: string;
  readonly pointedBy: string;
  /** Its methods by state. */
  readonly passed: readonly string[];
  readonly failed: readonly string[];
  readonly notYet: readonly string[];
}

/** One row for each client. */
export function clientRows({ cases }: Outcome): ClientRow[] {
  return clients.map(({ name, version, pointedBy, methods }) => {
    const stateOf = (method: string) => {
      const own = cases.filter(
        ({ of }) => of.kind === 'client' && of.client === name && of.method === method,
      );
      if (own.some(({ state }) => state === 'failed')) return 'failed';
      return own.length > 0 && own.every(({ state }) => state === 'passed') ? 'passed' : 'not yet';
    };
    const having = (state: string) => Object.keys(methods).filter((method) => stateOf(method) === state);
    return {
      client: `${name} ${version}`,
      pointedBy,
      passed: having('passed'),
      failed: having('failed'),
      notYet: having('not yet'),
    };
  });
}
