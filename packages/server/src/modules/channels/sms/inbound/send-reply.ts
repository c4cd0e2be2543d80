import type { Logger } from '../../../../platform/log.ts';
import { nameId } from '../../../../platform/ids.ts';
import type { Envelope, Outcome } from '../../channel.ts';
import type { RenderedSms } from '../rendered-sms.ts';
import type { InboundSms } from './inbound-sms.ts';

/** Hands a reply over, from the number that was texted. An answer is a courtesy: it is tried once. */
export async function sendReply(
  { appId, id, from, to }: InboundSms,
  text: string,
  send: (envelope: Envelope<RenderedSms>) => Promise<Outcome>,
  log: Logger,
): Promise<void> {
  const outcome = await send({
    messageId: nameId('reply', appId, id),
    lane: 0,
    recipient: { subscriptionId: nameId('reply to', appId, from), token: from },
    content: { appId, text, from: to, mediaUrls: [] },
    attempt: 1,
  });
  if (outcome.state === 'sent') return;
  log.warn({ appId, reason: outcome.reason }, 'an answer to a text was not sent');
}
