import type { TokenSigner } from '../../../platform/crypto/index.ts';
import { openReference, sealReference } from '../delivery-reference.ts';
import type { DeliveryReference } from '../delivery-reference.ts';

/**
 * The Message-ID of a delivery, with its angle brackets: the same delivery always has the same one,
 * and whoever reports on a mail by its Message-ID tells us which delivery it was. It is signed, so
 * nobody can report on a mail that he has not seen.
 */
export function messageIdOf(signer: TokenSigner, reference: DeliveryReference, domain: string): string {
  return `<${sealReference(signer, 'email message-id', reference)}@${domain}>`;
}

/** The delivery that a Message-ID names, or null when it is not one of ours. Brackets may be missing. */
export function readMessageId(signer: TokenSigner, messageId: string): DeliveryReference | null {
  const local = /^\s*<?([\w-]+)@[^>]*>?\s*$/.exec(messageId)?.[1];
  return local === undefined ? null : (openReference(signer, 'email message-id', local)?.reference ?? null);
}
