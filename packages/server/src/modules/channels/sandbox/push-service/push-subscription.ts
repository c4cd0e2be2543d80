import { createHash, randomBytes } from 'node:crypto';
import type { TokenSigner } from '../../../../platform/crypto/index.ts';
import { derivePair } from '../../push/web-push/derive-pair.ts';
import type { ReaderKeys } from './decrypt-message.ts';

/** Who gets what is sent to an endpoint. */
export type Holder =
  /** A browser's registration: `uaid` names the browser, as 32 hex digits, `channelId` is a UUID. */
  | { readonly kind: 'browser'; readonly uaid: string; readonly channelId: string }
  /** The sandbox itself, which has the keys. */
  | { readonly kind: 'sandbox'; readonly id: Buffer }
  /** The sandbox in the place of a browser that has its subscription elsewhere, at `endpoint`. */
  | { readonly kind: 'stand-in'; readonly endpoint: string };

/** Holders whose messages the sandbox can read. */
export type Reader = Exclude<Holder, { readonly kind: 'browser' }>;

export interface IssuedSubscription {
  readonly holder: Holder;
  /** The public key of the app that may send to it, or null, as for all stand-ins: anybody may. */
  readonly key: Buffer | null;
}

const TOKEN = 'sandbox push subscription';
const KEYS = 'sandbox push keys';
const BROWSER = 1;
const SANDBOX = 2;
const STAND_IN = 3;
const ID_BYTES = 16;
const AUTH_BYTES = 16;

const FIRST = { browser: BROWSER, sandbox: SANDBOX, 'stand-in': STAND_IN } as const;

/**
 * Subscriptions are written in their tokens, signed: the service remembers none, and endpoints outlive a restart.
 */
export class PushSubscriptions {
  readonly #signer: TokenSigner;

  constructor(signer: TokenSigner) {
    this.#signer = signer;
  }

  issue({ holder, key }: IssuedSubscription): string {
    const parts = [Buffer.from([FIRST[holder.kind]]), ...idsOf(holder)];
    return this.#signer.sign(TOKEN, Buffer.concat(key === null ? parts : [...parts, key]));
  }

  /** Null when the token is none of ours. */
  open(token: string): IssuedSubscription | null {
    const bytes = this.#signer.verify(TOKEN, token);
    if (bytes === null) return null;
    const ids = bytes.subarray(1);
    if (bytes[0] === STAND_IN)
      return { holder: { kind: 'stand-in', endpoint: ids.toString('utf8') }, key: null };
    if (bytes[0] === SANDBOX) {
      return {
        holder: { kind: 'sandbox', id: ids.subarray(0, ID_BYTES) },
        key: keyIn(ids.subarray(ID_BYTES)),
      };
    }
    const uaid = ids.toString('hex', 0, ID_BYTES);
    const channelId = uuidOf(ids.toString('hex', ID_BYTES, 2 * ID_BYTES));
    return { holder: { kind: 'browser', uaid, channelId }, key: keyIn(ids.subarray(2 * ID_BYTES)) };
  }

  newHolder(): Holder & { readonly kind: 'sandbox' } {
    return { kind: 'sandbox', id: randomBytes(ID_BYTES) };
  }

  /** The keys of a subscription that the sandbox itself reads: always the same ones. */
  keysOf(holder: Reader): ReaderKeys {
    const id = holder.kind === 'sandbox' ? holder.id : createHash('sha256').update(holder.endpoint).digest();
    const secret = Buffer.from(this.#signer.sign(KEYS, id));
    const auth = createHash('sha256').update(secret).update('auth').digest().subarray(0, AUTH_BYTES);
    return { pair: derivePair(secret), auth };
  }
}

function idsOf(holder: Holder): Buffer[] {
  if (holder.kind === 'sandbox') return [holder.id];
  if (holder.kind === 'stand-in') return [Buffer.from(holder.endpoint)];
  return [Buffer.from(holder.uaid, 'hex'), Buffer.from(holder.channelId.replaceAll('-', ''), 'hex')];
}

function keyIn(bytes: Buffer): Buffer | null {
  return bytes.length === 0 ? null : bytes;
}

function uuidOf(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
