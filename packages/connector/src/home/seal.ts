import { createCipheriv, createDecipheriv, hash, randomBytes } from 'node:crypto';
import { ConfigInvalid } from '../config/config-invalid.ts';

/** Closes records before they are written, and opens them after they were read. */
export interface Seal {
  close(record: Buffer): Buffer;
  /** @throws ConfigInvalid where a record was closed with a key that is not named. */
  open(record: Buffer): Buffer;
}

/** First byte of a closed record: no JSON begins with it, so that open ones are told from them. */
const MARK = 1;
const KEY_BYTES = 32;
const ID_BYTES = 4;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEAD_BYTES = 1 + ID_BYTES;

/**
 * Records by AES-256-GCM under the first of `keys`; those of the others are opened, too, and so are open
 * ones from before there were keys. Without keys nothing is closed. A closed record is the mark, the
 * key's id, the nonce, what is encrypted and the tag; mark and id are authenticated as well.
 */
export function sealOf(keys: readonly Buffer[]): Seal {
  const known = new Map(keys.map((key) => [idOf(key).toString('hex'), key]));
  const [current] = keys;
  return {
    close(record) {
      if (current === undefined) return record;
      const head = Buffer.concat([Buffer.of(MARK), idOf(current)]);
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', current, nonce).setAAD(head);
      return Buffer.concat([head, nonce, cipher.update(record), cipher.final(), cipher.getAuthTag()]);
    },
    open(record) {
      if (record[0] !== MARK) return record;
      const head = record.subarray(0, HEAD_BYTES);
      const id = head.toString('hex', 1);
      const key = known.get(id);
      if (key === undefined) {
        throw new ConfigInvalid(
          'homeKeys',
          `does not name the key ${id}, with which records of the home are encrypted: add it behind the current one`,
        );
      }
      const body = record.subarray(HEAD_BYTES + NONCE_BYTES, record.length - TAG_BYTES);
      const nonce = record.subarray(HEAD_BYTES, HEAD_BYTES + NONCE_BYTES);
      const decipher = createDecipheriv('aes-256-gcm', key, nonce).setAAD(head);
      decipher.setAuthTag(record.subarray(record.length - TAG_BYTES));
      return Buffer.concat([decipher.update(body), decipher.final()]);
    },
  };
}

/** Closes nothing. */
export const UNSEALED = sealOf([]);

/**
 * The keys that a configuration names, the current one first; none where it names none.
 *
 * @throws ConfigInvalid
 */
export function homeKeysOf(text: string | null): readonly Buffer[] {
  if (text === null) return [];
  const keys = text.split(',').map((key) => Buffer.from(key.trim(), 'base64'));
  if (keys.some((key) => key.length !== KEY_BYTES)) {
    throw new ConfigInvalid(
      'homeKeys',
      'is the base64 of 32 bytes, or several of them separated by commas, the current one first: openssl rand -base64 32',
    );
  }
  return keys;
}

function idOf(key: Buffer): Buffer {
  return hash('sha256', Buffer.concat([Buffer.from('carillon home key\0'), key]), 'buffer').subarray(
    0,
    ID_BYTES,
  );
}
