import type { ParsedMail } from 'mailparser';
import { NOTHING, previewOf } from './readable-message.ts';
import type { ReadableMessage } from './readable-message.ts';

/** A mail as a mail program reads it. */
export async function readMail(raw: Buffer): Promise<ReadableMessage> {
  // Only where somebody looks: it holds 20 MB.
  const { simpleParser } = await import('mailparser');
  const mail = await simpleParser(raw, { skipTextToHtml: true, skipHtmlToText: true });
  const from = mail.from?.value[0];
  return {
    ...NOTHING,
    subject: mail.subject ?? '',
    from: { name: from?.name ?? '', address: from?.address ?? '' },
    html: mail.html || null,
    text: mail.text ?? null,
    preview: previewOf(firstWordsOf(mail)),
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
function firstWordsOf({ html, text }: ParsedMail): string {
  const hidden = /<div style="display:none[^>]*>([^<]*)/.exec(html || '')?.[1];
  const words = hidden?.replace(/&#847;|&zwnj;|&nbsp;|[\u034f\u200c\u00a0]/g, '') ?? text ?? '';
  return words.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
