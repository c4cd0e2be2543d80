import { Type } from 'typebox';
import type { Static } from 'typebox';
import type { TokenSigner } from '../../../platform/crypto/index.ts';
import type { DeliveryEvent } from '../delivery-event.ts';
import { readMessageId } from '../email/message-id.ts';
import { eventOfReport } from '../email/reports/email-report.ts';

/** What a mail provider reports to `POST /channels/email/events`. */
export const emailEventsBody = Type.Object({
  events: Type.Array(
    Type.Object({
      type: Type.Enum(['delivered', 'bounced', 'soft_bounced', 'complained'], {
        description:
          '`bounced`: the address takes no mail, and gets none any more. `soft_bounced`: this mail was not taken, and the next one may be. `complained`: reported as spam, which ends the mails to its person.',
      }),
      message_id: Type.String({ maxLength: 998, description: 'The Message-ID of the mail.' }),
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

/** What was reported, as events of deliveries. Mails that are not ours are left out. */
export function readEmailEvents(signer: TokenSigner, events: EmailEvents): DeliveryEvent[] {
  return events.flatMap(({ type, message_id, at, reason }) => {
    const reference = readMessageId(signer, message_id);
    if (reference === null) return [];
    const told = reason === undefined ? {} : { reason };
    return [eventOfReport({ reference, kind: type, at: Date.parse(at), name: '', ...told })];
  });
}
