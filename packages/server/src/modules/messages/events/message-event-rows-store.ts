import type { MessageEventRows } from '../../audience/index.ts';

/**
 * What has happened to messages of an app, of the users that the ledger names: how deliveries ended stands in it,
 * what came after that beside it.
 */
export const messageEventRows: MessageEventRows = ({ event, channel, messageId }, { appId, lanes }, add) => {
  const inLanes = `= any (${add(lanes, 'int[]')})`;
  const ofMessages = [
    `m.app_id = ${add(appId, 'uuid')}`,
    ...(channel === null ? [] : [`m.channel = ${add(channel, 'text')}`]),
    ...(messageId === null ? [] : [`m.id = ${add(messageId, 'uuid')}`]),
  ].join(' and ');
  switch (event) {
    case 'sent':
    case 'failed':
    case 'suppressed':
      return `select d.user_id, d.at, m.channel, m.id as message_id from messages m join deliveries d on d.message_id = m.id
        where d.lane ${inLanes} and d.state = '${event}' and ${ofMessages}`;
    case 'delivered':
    case 'opened':
    case 'clicked':
    case 'bounced':
    case 'complained':
    case 'unsubscribed':
      return `select d.user_id, e.at, m.channel, m.id as message_id from messages m
        join delivery_events e on e.message_id = m.id
        join deliveries d on d.lane = e.lane and d.message_id = e.message_id and d.subscription_id = e.subscription_id
        where e.lane ${inLanes} and e.kind = '${event}' and ${ofMessages}`;
  }
};
