import { hasLiquid } from '../liquid-text.ts';
import { refuseField } from '../refuse-field.ts';
import { checkWebAddress } from '../web-address.ts';
import type { Attachment } from './attachment.ts';

const MOST_FILES = 10;
/** Of all files that a request brings itself: they are kept with the content. */
const MOST_INLINE_BYTES = 500_000;

// Path separators, quotes of both systems, and whatever cannot be seen.
// oxlint-disable-next-line no-control-regex
const NO_FILENAME = /[\u0000-\u001f\u007f/\\]/;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
// What is composite would be read as parts of the mail itself.
const MEDIA_TYPE = /^(?!multipart\/|message\/)[\w.+-]{1,60}\/[\w.+-]{1,60}$/;

/** Refuses files that no mail can carry, or that are too many or too large. */
export function checkAttachments(attachments: readonly Attachment[]): void {
  if (attachments.length > MOST_FILES) {
    refuseField('email_attachments', `can have at most ${MOST_FILES} files; it has ${attachments.length}`);
  }
  let inline = 0;
  for (const [index, attachment] of attachments.entries()) {
    checkOne(`email_attachments[${index}]`, attachment);
    if (attachment.content !== null) inline += Buffer.byteLength(attachment.content, 'base64');
  }
  if (inline > MOST_INLINE_BYTES) {
    const rule = `can bring at most ${MOST_INLINE_BYTES} bytes themselves; they are ${inline}. Give larger files by url`;
    refuseField('email_attachments', rule);
  }
}

function checkOne(field: string, { filename, content, url, contentType }: Attachment): void {
  if (NO_FILENAME.test(filename)) {
    refuseField(`${field}.filename`, 'must be the name of a file without a path', filename);
  }
  if ((content === null) === (url === null)) {
    refuseField(field, 'must have content, its bytes in base64, or url, where they are, and not both');
  }
  if (content !== null && !(content.length % 4 === 0 && BASE64.test(content))) {
    refuseField(`${field}.content`, 'must be base64, and not empty', content);
  }
  if (url !== null) checkAddress(`${field}.url`, url);
  if (contentType !== null && !MEDIA_TYPE.test(contentType)) {
    refuseField(`${field}.content_type`, 'must be a media type such as application/pdf', contentType);
  }
}

/** One file for all recipients: it is fetched once for a message. */
function checkAddress(field: string, url: string): void {
  if (hasLiquid(url)) {
    refuseField(field, 'is fetched once for all recipients: write it without {{ and {%', url);
  }
  checkWebAddress(field, url, ['https', 'http']);
}
