import type { TokenSigner } from '../../platform/crypto/index.ts';

/** Which delivery something is about: the key of its row in the ledger. */
export interface DeliveryReference {
  readonly lane: number;
  readonly messageId: string;
  readonly subscriptionId: string;
}

/** What a signed reference may be used for. A token of one purpose is worth nothing for another. */
export type ReferencePurpose = 'email message-id' | 'email open' | 'email click';

/** 16 bytes of message id, 16 of subscription id, one of lane. */
const REFERENCE_BYTES = 33;

/** A signed token that carries a delivery and, optionally, a text such as the target of a link. */
export function sealReference(
  signer: TokenSigner,
  purpose: ReferencePurpose,
  reference: DeliveryReference,
  text = '',
): string {
  const bytes = Buffer.allocUnsafe(REFERENCE_BYTES + Buffer.byteLength(text));
  writeUuid(bytes, reference.messageId, 0);
  writeUuid(bytes, reference.subscriptionId, 16);
  bytes[32] = reference.lane;
  bytes.write(text, REFERENCE_BYTES);
  return signer.sign(purpose, bytes);
}

/** What a token carries, or null when it was not made by us for this purpose or has been damaged. */
export function openReference(
  signer: TokenSigner,
  purpose: ReferencePurpose,
  token: string,
): { readonly reference: DeliveryReference; readonly text: string } | null {
  const bytes = signer.verify(purpose, token);
  if (bytes === null || bytes.length < REFERENCE_BYTES) return null;
  const reference = {
    messageId: readUuid(bytes, 0),
    subscriptionId: readUuid(bytes, 16),
    lane: bytes.readUInt8(32),
  };
  return { reference, text: bytes.toString('utf8', REFERENCE_BYTES) };
}

function writeUuid(bytes: Buffer, id: string, offset: number): void {
  bytes.write(id.replaceAll('-', ''), offset, 16, 'hex');
}

function readUuid(bytes: Buffer, offset: number): string {
  const hex = bytes.toString('hex', offset, offset + 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
