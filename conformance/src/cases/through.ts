import type { ClientCase, ClientName } from '../case.ts';
import { clients } from '../clients/client-methods.ts';
import type { Stage } from '../stage.ts';

/** A case of one method of a client. */
export function through(
  client: ClientName,
  method: string,
  what: string,
  run: (stage: Stage) => Promise<void>,
): ClientCase {
  const operation = clients.find(({ name }) => name === client)?.methods[method];
  if (operation === undefined) throw new Error(`${client} has no method ${method}`);
  return {
    kind: 'client',
    client,
    method,
    title: `${client} ${method} ${what}`,
    operations: [operation],
    needsOrganization: method.endsWith('App') || method.endsWith('Apps'),
    run,
  };
}
