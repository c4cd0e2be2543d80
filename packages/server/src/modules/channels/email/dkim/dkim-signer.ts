import { createHash, createPrivateKey, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { WrittenMail } from '../mail.ts';
import { BodyHash } from './body-hash.ts';
import type { DkimSettings } from './dkim-key.ts';

/** What is signed where it is there: what a reader sees or answers to, and both headers that RFC 8058 asks for. */
const SIGNED = [
  'from',
  'to',
  'reply-to',
  'subject',
  'date',
  'message-id',
  'mime-version',
  'content-type',
  'content-transfer-encoding',
  'list-unsubscribe',
  'list-unsubscribe-post',
];

const END_OF_HEAD = '\r\n\r\n';
/** Of the signature in its header, which is folded. */
const LINE = 72;

/** Signs mails as a domain (DKIM: RFC 6376, RFC 8463 for Ed25519), in the form relaxed/relaxed. */
export class DkimSigner {
  readonly #settings: DkimSettings;
  /** Parsed once: a signature by the text of a key takes three times as long. */
  readonly #key: KeyObject;

  constructor(settings: DkimSettings) {
    this.#settings = settings;
    this.#key = createPrivateKey(settings.privateKey);
  }

  /** The mail with its signature before everything else. `now` in milliseconds since the epoch. */
  sign(mail: WrittenMail, now: number): WrittenMail {
    const [first = Buffer.alloc(0), ...rest] = mail.pieces;
    const end = first.indexOf(END_OF_HEAD);
    const body = new BodyHash();
    body.add(first.subarray(end + END_OF_HEAD.length));
    for (const piece of rest) body.add(piece);
    const fields = fieldsOf(first.toString('latin1', 0, end));
    const signature = this.#signature(fields, body.digest(), now);
    return { ...mail, pieces: [Buffer.from(signature, 'latin1'), ...mail.pieces] };
  }

  #signature(fields: ReadonlyMap<string, readonly string[]>, bodyHash: string, now: number): string {
    const { domain, selector } = this.#settings;
    const names = SIGNED.filter((name) => fields.has(name));
    // From the last one up, as receivers read them. Each name once more than it is there: nobody can add another.
    const signed = names.flatMap((name) => (fields.get(name) ?? []).toReversed());
    const listed = names.flatMap((name) => [...(fields.get(name) ?? []), name].map(() => name));
    const header =
      `v=1; a=${this.#key.asymmetricKeyType}-sha256; c=relaxed/relaxed; d=${domain}; s=${selector};\r\n` +
      ` t=${Math.floor(now / 1_000)}; bh=${bodyHash};\r\n h=${listed.join(':\r\n  ')};\r\n b=`;
    const data = signed.join('') + relaxedField('dkim-signature', header);
    return `DKIM-Signature: ${header}${fold(this.#signatureOf(data))}\r\n`;
  }

  #signatureOf(data: string): string {
    const bytes = Buffer.from(data, 'latin1');
    // Ed25519 signs the hash as if it were the text (RFC 8463, section 3).
    const isRsa = this.#key.asymmetricKeyType === 'rsa';
    const signature = isRsa
      ? sign('sha256', bytes, this.#key)
      : sign(null, createHash('sha256').update(bytes).digest(), this.#key);
    return signature.toString('base64');
  }
}

/** The canonical header fields by name, each with its line end, in the order of the mail. */
function fieldsOf(head: string): Map<string, string[]> {
  const fields = new Map<string, string[]>();
  for (const field of head.split(/\r\n(?![ \t])/)) {
    const colon = field.indexOf(':');
    const name = field.slice(0, colon).trim().toLowerCase();
    const same = fields.get(name) ?? [];
    same.push(`${relaxedField(name, field.slice(colon + 1))}\r\n`);
    fields.set(name, same);
  }
  return fields;
}

/** RFC 6376, section 3.4.2. */
function relaxedField(name: string, value: string): string {
  return `${name}:${value.replace(/[ \t\r\n]+/g, ' ').trim()}`;
}

function fold(signature: string): string {
  return signature.match(new RegExp(`.{1,${LINE}}`, 'g'))?.join('\r\n  ') ?? '';
}
