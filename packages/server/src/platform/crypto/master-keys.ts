import { createHash, hkdfSync, randomBytes } from 'node:crypto';

const KEY_BYTES = 32;

/**
 * The operator's secret, from which every other key is derived. The current one seals and signs;
 * previous ones still open and verify what was made with them, so that a key can be replaced without
 * a pause.
 */
export interface MasterKeys {
  readonly current: Uint8Array;
  readonly previous: readonly Uint8Array[];
}

/**
 * Reads keys as written in configuration: base64 (or base64url) of 32 bytes each, separated by
 * commas, the current one first. Throws an Error that names the position of a wrong one, never its text.
 */
export function parseMasterKeys(text: string): MasterKeys {
  const [current, ...previous] = text.split(',').map((part, index) => parseKey(part.trim(), index));
  if (current === undefined) throw new Error('The master key is empty.');
  return { current, previous };
}

/** A fresh key in the form that `parseMasterKeys` reads. */
export function newMasterKey(): string {
  return randomBytes(KEY_BYTES).toString('base64');
}

/** 32 bytes for one purpose (HKDF-SHA256): knowing one subkey tells nothing of the master or of another. */
export function subkey(master: Uint8Array, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', master, 'carillon', purpose, KEY_BYTES));
}

/** Four bytes that tell keys apart without telling anything about them. */
export function keyId(key: Uint8Array): Buffer {
  return createHash('sha256').update('carillon key id').update(key).digest().subarray(0, 4);
}

function parseKey(text: string, index: number): Uint8Array {
  const key = Buffer.from(text, 'base64');
  if (key.length !== KEY_BYTES) {
    throw new Error(
      `Master key ${index + 1} must be the base64 of 32 bytes: make one with "openssl rand -base64 32".`,
    );
  }
  return key;
}
