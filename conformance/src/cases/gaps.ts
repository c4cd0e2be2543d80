import type { OperationName } from '../operations/operations.ts';
import type { Caller } from '../wire/caller.ts';
import type { Answer } from '../wire/exchange.ts';

/** A documented part of an operation that is not built. */
export interface Gap {
  readonly operation: OperationName;
  readonly part: string;
  readonly needsOrganization: boolean;
  /**
   * `refused`: doing less than asked in silence would be a fault. `ignored`: clients send it beside what
   * matters to them, and must not fail because of it.
   */
  readonly treatment: 'refused' | 'ignored';
  readonly ask: (caller: Caller) => Promise<Answer>;
}

const ID = '6a1f4d0e-8e0a-4c55-9d3e-2f0e6a1b9c11';

/** Of a player: taken and not kept. */
function playerField(part: string, fields: object): Gap {
  return {
    operation: 'addDevice',
    part,
    needsOrganization: false,
    treatment: 'ignored',
    ask: (caller) =>
      caller.call('POST', '/players', {
        app_id: caller.app,
        device_type: 11,
        identifier: caller.newEmail(),
        ...fields,
      }),
  };
}

function journey(part: string, body: object): Gap {
  return {
    operation: 'createJourney',
    part,
    needsOrganization: false,
    treatment: 'refused',
    ask: (caller) =>
      caller.call('POST', `/apps/${caller.app}/journeys`, {
        name: 'conformance',
        audience: { kind: 'event_trigger', name: 'conformance' },
        nodes: [],
        ...body,
      }),
  };
}

/** What the operations that pass do not do yet. */
export const gaps: readonly Gap[] = [
  {
    operation: 'createNotification',
    part: 'the first answer to an idempotency key that comes with another body (here 409)',
    needsOrganization: false,
    treatment: 'refused',
    ask: askTwiceWithOneKey,
  },
  playerField('`amount_spent`', { amount_spent: '9.99' }),
  playerField('`created_at`, `last_active`', { created_at: 1_395_096_859, last_active: 1_395_096_859 }),
  playerField('`ad_id`, `ip`, `badge_count`', { ad_id: 'A1', ip: '192.0.2.7', badge_count: 1 }),
  journey('nodes `send_iam`', { nodes: [{ kind: 'send_iam', iam_id: ID }] }),
  {
    operation: 'updateApp',
    part: '`gcm_key`, which Google has ended, and `safari_apns_p12`',
    needsOrganization: true,
    treatment: 'refused',
    ask: (caller) => caller.callAsOrganization('PUT', `/apps/${caller.app}`, { gcm_key: 'AIza' }),
  },
];

/** The documented API does not compare bodies. Here it tells of what is nearly always a mistake. */
async function askTwiceWithOneKey(caller: Caller): Promise<Answer> {
  const body = {
    app_id: caller.app,
    target_channel: 'email',
    include_aliases: { external_id: [caller.newName('nobody')] },
    idempotency_key: caller.newId(),
    email_subject: 'Conformance',
    email_body: '<p>Hello</p>',
  };
  await caller.call('POST', '/notifications', body);
  return caller.call('POST', '/notifications', { ...body, email_subject: 'Another' });
}
