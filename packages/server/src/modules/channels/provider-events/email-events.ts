import { Type } from 'typebox';
import type { Static } from 'typebox';
import type { TokenSigner } from '../../../platform/crypto/index.ts';
import { nameId } from '../../../platform/ids.ts';
import type { DeliveryEvent } from '../delivery-event.ts';
import { readMessageId } from '../email/message-id.ts';

/** What a mail provider reports to `POST /channels/email/events`. */
export const emailEventsBody = Type.Object({
  events: Type.Array(
    Type.Object({
      type: Type.Enum(['delivered', 'bounced']),
      /** The Message-ID of the mail. */
      message_id: Type.String({ maxLength: 998 }),
      at: Type.String({ format: 'date-time' }),
      reason: Type.Optional(Type.String({ maxLength: 1_000 })),
    }),
    { maxItems: 1_000 },
  ),
});

export type EmailEvents = Static<typeof emailEventsBody>['events'];

/** The secret that both ends of this product's own reports derive from the master key. */
export function reportSecret(signer: TokenSigner): Buffer {
  return Buffer.from(signer.sign('email provider events', Buffer.alloc(0)), 'base64url');
}

/**
 * What was reported, as events of deliveries. A mail is delivered or bounces once, however often it is
 * told: the id is made of the delivery. Mails that are not ours are left out.
 */
export function readEmailEvents(signer: TokenSigner, events: EmailEvents): DeliveryEvent[] {
  return events.flatMap(({ type, message_id, at, reason }) => {
    const reference = readMessageId(signer, message_id);
    if (reference === null) return [];
    const id = nameId('email', type, reference.messageId, reference.subscriptionId);
    const event = { ...reference, id, kind: type, at: Date.parse(at) };
    return [reason === undefined ? event : { ...event, reason }];
  });
}
