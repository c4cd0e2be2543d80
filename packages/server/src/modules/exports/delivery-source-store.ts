import { notBeingErased } from '../privacy/index.ts';
import { column } from './column.ts';
import type { ExportSource, SourceRequest } from './export-source.ts';
import { sinceCondition, untilCondition } from './time-conditions.ts';

const USER = `left join users u on u.lane = lane_of(d.user_id) and u.id = d.user_id and u.app_id = c.app_id`;

/** Conditions on `c`, a chunk of a message, on `d`, a delivery, and on the row's own time. */
function conditions({ app, subject, parameters }: SourceRequest, at: string): string {
  const { message_id: messageId, from, until } = subject.filter;
  return [
    `c.app_id = ${app}`,
    ...(messageId === undefined ? [] : [`c.message_id = ${parameters.add(messageId, 'uuid')}`]),
    ...sinceCondition(at, from, parameters),
    ...untilCondition(at, until, parameters),
    notBeingErased(app, 'd.user_id', 'd.subscription_id'),
  ].join(' and ');
}

/** One row for each delivery that has ended: the ledger. */
export const deliverySource: ExportSource = {
  columns: [
    column('message_id', 'text', 'd.message_id'),
    column('subscription_id', 'text', 'd.subscription_id'),
    column('onesignal_id', 'text', 'd.user_id'),
    column('external_id', 'text', 'u.external_id'),
    column('channel', 'text', 'c.channel'),
    column('device_type', 'integer', 'd.device_type'),
    column('state', 'text', 'd.state'),
    column('reason', 'text', 'd.reason'),
    column('attempts', 'integer', 'd.attempts'),
    column('provider_reference', 'text', 'd.ref'),
    column('ended_at', 'time', 'd.at'),
  ],
  usual: [
    'message_id',
    'subscription_id',
    'onesignal_id',
    'external_id',
    'channel',
    'state',
    'reason',
    'attempts',
    'provider_reference',
    'ended_at',
  ],
  filters: ['message_id', 'from', 'until'],
  required: [],
  from: (request) => `from message_chunks c
    join deliveries d on d.lane = c.lane and d.message_id = c.message_id ${USER}
    where ${conditions(request, 'd.at')}`,
};

/** One row for each thing that became known after a hand-over. */
export const messageEventSource: ExportSource = {
  columns: [
    column('event_id', 'text', 'e.event_id'),
    column('event', 'text', 'e.kind'),
    column('message_id', 'text', 'e.message_id'),
    column('subscription_id', 'text', 'e.subscription_id'),
    column('onesignal_id', 'text', 'd.user_id'),
    column('external_id', 'text', 'u.external_id'),
    column('channel', 'text', 'c.channel'),
    column('url', 'text', `e.data ->> 'url'`),
    column('reason', 'text', `e.data ->> 'reason'`),
    column('data', 'json', 'e.data'),
    column('at', 'time', 'e.at'),
  ],
  usual: [
    'event_id',
    'event',
    'message_id',
    'subscription_id',
    'onesignal_id',
    'external_id',
    'channel',
    'url',
    'reason',
    'at',
  ],
  filters: ['message_id', 'from', 'until'],
  required: [],
  from: (request) => `from message_chunks c
    join delivery_events e on e.lane = c.lane and e.message_id = c.message_id
    left join deliveries d on d.lane = e.lane and d.message_id = e.message_id and d.subscription_id = e.subscription_id
    ${USER}
    where ${conditions(request, 'e.at')} and ${notBeingErased(request.app, 'null::uuid', 'e.subscription_id')}`,
};
