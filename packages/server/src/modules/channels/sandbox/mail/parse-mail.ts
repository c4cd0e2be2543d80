import { simpleParser } from 'mailparser';
import type { ParsedMail } from 'mailparser';

/** A mail as a mail program reads it. */
export interface ReadableMail {
  readonly subject: string;
  readonly fromName: string;
  readonly fromAddress: string;
  readonly html: string | null;
  readonly text: string | null;
  /** The first words, as an inbox shows them beside the subject. */
  readonly preview: string;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
}

const PREVIEW_LENGTH = 140;

export async function parseMail(raw: Buffer): Promise<ReadableMail> {
  const mail = await simpleParser(raw, { skipTextToHtml: true, skipHtmlToText: true });
  const from = mail.from?.value[0];
  return {
    subject: mail.subject ?? '',
    fromName: from?.name ?? '',
    fromAddress: from?.address ?? '',
    html: mail.html || null,
    text: mail.text ?? null,
    preview: previewOf(mail),
    headers: mail.headerLines.map(({ key, line }) => ({
      name: line.slice(0, key.length),
      value: line
        .slice(key.length + 1)
        .replace(/\r?\n[ \t]+/g, ' ')
        .trim(),
    })),
  };
}

/** The hidden first block is what mail programs show; without one, the text. */
function previewOf({ html, text }: ParsedMail): string {
  const hidden = /<div style="display:none[^>]*>([^<]*)/.exec(html || '')?.[1];
  const words = hidden?.replace(/&#847;|&zwnj;|&nbsp;|[\u034f\u200c\u00a0]/g, '') ?? text ?? '';
  return words
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, PREVIEW_LENGTH);
}
