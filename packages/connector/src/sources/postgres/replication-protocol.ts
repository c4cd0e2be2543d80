/**
 * What travels in the copy stream of logical replication besides the plugin's own data.
 * https://www.postgresql.org/docs/current/protocol-replication.html
 */
export type StreamMessage =
  | { readonly kind: 'data'; readonly payload: Buffer }
  /** Everything before `end` has been sent. */
  | { readonly kind: 'heartbeat'; readonly end: bigint; readonly reply: boolean }
  | { readonly kind: 'other' };

export function parseStreamMessage(chunk: Buffer): StreamMessage {
  if (chunk[0] === 0x77) return { kind: 'data', payload: chunk.subarray(25) };
  if (chunk[0] === 0x6b) return { kind: 'heartbeat', end: chunk.readBigUInt64BE(1), reply: chunk[17] === 1 };
  return { kind: 'other' };
}

/**
 * Tells the server that everything before `flushed` is kept. Exactly before: one byte more, and a
 * transaction whose commit record begins there would be skipped after a restart.
 */
export function statusUpdate(flushed: bigint, now: number): Buffer {
  const message = Buffer.alloc(34);
  message[0] = 0x72;
  for (const place of [1, 9, 17]) message.writeBigUInt64BE(flushed, place);
  message.writeBigUInt64BE(BigInt(now - Date.UTC(2000, 0, 1)) * 1000n, 25);
  return message;
}

/** Reads a position written as `16/B374D848`. */
export function parseLsn(text: string): bigint {
  const [high = '0', low = '0'] = text.split('/');
  return (BigInt(`0x${high}`) << 32n) | BigInt(`0x${low}`);
}

export function writeLsn(position: bigint): string {
  return `${(position >> 32n).toString(16)}/${(position & 0xffff_ffffn).toString(16)}`.toUpperCase();
}
