import { notBeingErased } from '../privacy/index.ts';
import { column } from './column.ts';
import type { ExportSource } from './export-source.ts';

const DEVICE_TYPE = `case c.channel when 'email' then 11 when 'sms' then 14 else d.device_type end`;
const NOT_REACHED = `('failed', 'expired', 'unknown', 'capped', 'cancelled')`;
const NOT_SUBSCRIBED = `('unsubscribed', 'suppressed')`;

/** One row for each subscription that a message was for, as POST /notifications/{id}/export_events tells it. */
export const activitySource: ExportSource = {
  columns: [
    column('external_user_id', 'text', 'u.external_id'),
    column('subscription_id', 'text', 'd.subscription_id'),
    column('device_type', 'integer', DEVICE_TYPE),
    column('sent', 'boolean', `d.state = 'sent'`),
    column('delivered', 'boolean', 'e.delivered'),
    column('clicked', 'boolean', 'e.clicked'),
    column('onesignal_id', 'text', 'd.user_id'),
    column('failed', 'boolean', `d.state in ${NOT_REACHED} or e.bounced is not null`),
    column('unsubscribed', 'boolean', `d.state in ${NOT_SUBSCRIBED} or e.unsubscribed`),
    column('failure_message', 'text', `case when d.state = 'sent' then e.bounced else d.reason end`),
    column('opened', 'boolean', 'e.opened'),
    column('state', 'text', 'd.state'),
    column('ended_at', 'time', 'd.at'),
  ],
  usual: [
    'external_user_id',
    'subscription_id',
    'device_type',
    'sent',
    'delivered',
    'clicked',
    'onesignal_id',
    'failed',
    'unsubscribed',
    'failure_message',
  ],
  filters: ['message_id'],
  required: ['message_id'],
  from: ({ app, subject, parameters }) => `from message_chunks c
    join deliveries d on d.lane = c.lane and d.message_id = c.message_id
    left join users u on u.lane = lane_of(d.user_id) and u.id = d.user_id and u.app_id = c.app_id
    cross join lateral (
      select coalesce(bool_or(e.kind = 'delivered'), false) as delivered,
        coalesce(bool_or(e.kind = 'clicked'), false) as clicked,
        coalesce(bool_or(e.kind = 'opened'), false) as opened,
        coalesce(bool_or(e.kind = 'unsubscribed'), false) as unsubscribed,
        min(coalesce(e.data ->> 'reason', 'bounced')) filter (where e.kind = 'bounced') as bounced
      from delivery_events e
      where e.lane = d.lane and e.message_id = d.message_id and e.subscription_id = d.subscription_id) e
    where c.app_id = ${app} and c.message_id = ${parameters.add(subject.filter.message_id, 'uuid')}
      and ${notBeingErased(app, 'd.user_id', 'd.subscription_id')}`,
};
