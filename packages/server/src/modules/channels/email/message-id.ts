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

/**
 * The Message-ID of a delivery's copies. Another one, so that what becomes of a copy is not taken for what
 * became of the delivery.
 */
export function copyIdOf(signer: TokenSigner, reference: DeliveryReference, domain: string): string {
  return `<${sealReference(signer, 'email copy', reference)}@${domain}>`;
}

/** The delivery that a Message-ID names, or null when it is not one of ours. Brackets may be missing. */
export function readMessageId(signer: TokenSigner, messageId: string): DeliveryReference | null {
  return readId(signer, 'email message-id', messageId);
}

/** The delivery that the signed part of a Message-ID names, or null when it is not one of ours. */
export function readMessageToken(signer: TokenSigner, token: string): DeliveryReference | null {
  return openReference(signer, 'email message-id', token)?.reference ?? null;
}

/** The delivery whose copy has this Message-ID, or null when it is no copy of ours. */
export function readCopyId(signer: TokenSigner, messageId: string): DeliveryReference | null {
  return readId(signer, 'email copy', messageId);
}

function readId(
  signer: TokenSigner,
  purpose: 'email message-id' | 'email copy',
  messageId: string,
): DeliveryReference | null {
  const local = /^\s*<?([\w-]+)@[^>]*>?\s*$/.exec(messageId)?.[1];
  return local === undefined ? null : (openReference(signer, purpose, local)?.reference ?? null);
}
