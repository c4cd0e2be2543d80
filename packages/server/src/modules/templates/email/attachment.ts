import type { AttachmentField, ShownAttachment } from '@carillon/wire';

/** A file that comes with an email. Its bytes are in the content, or at a URL. */
export interface Attachment {
  readonly filename: string;
  readonly contentType: string | null;
  /** Base64, without blanks. */
  readonly content: string | null;
  readonly url: string | null;
}

/** As requests bring it; checked with the rest of the content. */
export function readAttachment({ filename, content, url, content_type }: AttachmentField): Attachment {
  return {
    filename,
    contentType: content_type ?? null,
    content: content?.replace(/\s+/g, '') ?? null,
    url: url ?? null,
  };
}

/** Without its bytes: nobody who looks at a message or template needs them. */
export function presentAttachment({ filename, contentType, content, url }: Attachment): ShownAttachment {
  return {
    filename,
    content_type: contentType,
    url,
    size: content === null ? null : Buffer.byteLength(content, 'base64'),
  };
}
