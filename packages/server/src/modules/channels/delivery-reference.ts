import type { TokenSigner } from '../../platform/crypto/index.ts';

/** Which delivery something is about: the key of its row in the ledger. */
export interface DeliveryReference {
  readonly lane: number;
  readonly messageId: string;
  readonly subscriptionId: string;
}

/** What a signed reference may be used for. A token of one purpose is worth nothing for another. */
export type ReferencePurpose =
  | 'email message-id'
  | 'email copy'
  | 'email open'
  | 'email click'
  | 'email unsubscribe'
  | 'sms status';

/** 16 bytes of message id, 16 of subscription id, one of lane. */
export const REFERENCE_BYTES = 33;

/** A signed token that carries a delivery. */
export function sealReference(
  signer: TokenSigner,
  purpose: ReferencePurpose,
  reference: DeliveryReference,
): string {
  return signer.sign(purpose, referenceBytes(reference));
}

/** Makes tokens that carry the same delivery and each a text of their own: the targets of its links. */
export function sealerOf(
  signer: TokenSigner,
  purpose: ReferencePurpose,
  reference: DeliveryReference,
): (text: Buffer) => string {
  const bytes = referenceBytes(reference);
  return (text) => signer.sign(purpose, Buffer.concat([bytes, text]));
}

/** What a token carries, or null when it was not made by us for this purpose or has been damaged. */
export function openReference(
  signer: TokenSigner,
  purpose: ReferencePurpose,
  token: string,
): { readonly reference: DeliveryReference; readonly text: string } | null {
  const bytes = signer.verify(purpose, token);
  if (bytes === null || bytes.length < REFERENCE_BYTES) return null;
  return { reference: readReference(bytes), text: bytes.toString('utf8', REFERENCE_BYTES) };
}

/** What `referenceBytes` has written, of at least `REFERENCE_BYTES`. */
export function readReference(bytes: Buffer): DeliveryReference {
  return {
    messageId: readUuid(bytes, 0),
    subscriptionId: readUuid(bytes, 16),
    lane: bytes.readUInt8(32),
  };
}

export function referenceBytes({ messageId, subscriptionId, lane }: DeliveryReference): Buffer {
  const bytes = Buffer.allocUnsafe(REFERENCE_BYTES);
  writeUuid(bytes, messageId, 0);
  writeUuid(bytes, subscriptionId, 16);
  bytes[32] = lane;
  return bytes;
}

function writeUuid(bytes: Buffer, id: string, offset: number): void {
  bytes.write(id.replaceAll('-', ''), offset, 16, 'hex');
}

function readUuid(bytes: Buffer, offset: number): string {
  const hex = bytes.toString('hex', offset, offset + 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
