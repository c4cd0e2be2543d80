import type { Clock } from '../../../../platform/clock.ts';
import type { Outbound } from '../../../../platform/outbound/index.ts';
import { writeAttachment } from '../../../channels/index.ts';
import type { Outcome, WrittenFile } from '../../../channels/index.ts';
import type { Attachment } from '../../../templates/index.ts';
import type { EmailContent } from '../../../templates/index.ts';
import type { Message } from '../../message.ts';
import { fetchFile } from './fetch-file.ts';
import { ANY_TYPE, mediaTypeOf } from './media-type.ts';

/** Of all files of a message together: mail servers commonly refuse more. */
const MOST_BYTES = 10 * 1024 * 1024;
/** Messages whose fetched files are kept: each takes up to 14 MB as a mail has them. */
const MOST_KEPT = 4;
const KEPT_MS = 10 * 60_000;
/** All lanes of a broadcast ask at once: they are told the same. */
const FAILURE_KEPT_MS = 5_000;

/** These would be read as parts of the mail itself. */
const COMPOSITE = /^(?:multipart|message)\//i;

export type LoadedFiles =
  | { readonly ok: true; readonly files: readonly WrittenFile[] }
  /** What becomes of every recipient instead. */
  | { readonly ok: false; readonly outcome: Outcome };

interface Kept {
  readonly files: Promise<LoadedFiles>;
  until: number;
}

/** The files of messages, as mails have them. What is at a URL is fetched once for a message. */
export class AttachmentFiles {
  readonly #outbound: Pick<Outbound, 'request'>;
  readonly #clock: Clock;
  readonly #kept = new Map<string, Kept>();

  constructor(outbound: Pick<Outbound, 'request'>, clock: Clock) {
    this.#outbound = outbound;
    this.#clock = clock;
  }

  /** Never rejects for what is at a URL, or is not. */
  of({ id, content: { attachments } }: Pick<Message<EmailContent>, 'id' | 'content'>): Promise<LoadedFiles> {
    if (attachments.every(({ url }) => url === null)) return this.#load(attachments);
    const now = this.#clock.now();
    const known = this.#kept.get(id);
    if (known !== undefined && known.until > now) return known.files;
    const kept: Kept = { files: this.#load(attachments), until: now + KEPT_MS };
    this.#kept.delete(id);
    this.#kept.set(id, kept);
    if (this.#kept.size > MOST_KEPT) this.#kept.delete([...this.#kept.keys()][0] ?? '');
    kept.files.then(
      ({ ok }) => {
        if (!ok) kept.until = this.#clock.now() + FAILURE_KEPT_MS;
      },
      () => this.#kept.delete(id),
    );
    return kept.files;
  }

  async #load(attachments: readonly Attachment[]): Promise<LoadedFiles> {
    const files: WrittenFile[] = [];
    let left = MOST_BYTES;
    for (const { filename, contentType, content, url } of attachments) {
      const file =
        url === null
          ? { ok: true as const, bytes: Buffer.from(content ?? '', 'base64'), contentType: null }
          : await fetchFile(this.#outbound, url, left);
      if (!file.ok) return failure(filename, file);
      left -= file.bytes.length;
      const type = contentType ?? file.contentType ?? mediaTypeOf(filename);
      files.push(
        writeAttachment({ filename, contentType: COMPOSITE.test(type) ? ANY_TYPE : type, bytes: file.bytes }),
      );
    }
    return { ok: true, files };
  }
}

function failure(
  filename: string,
  { reason: why, mayPass }: { readonly reason: string; readonly mayPass: boolean },
): LoadedFiles {
  const reason = `the attachment ${filename} could not be fetched: ${why}`;
  return {
    ok: false,
    outcome: mayPass ? { state: 'retry', reason, afterMs: null } : { state: 'failed', reason },
  };
}
