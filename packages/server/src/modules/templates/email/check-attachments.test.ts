import { describe, expect, it } from 'vitest';
import type { Attachment } from './attachment.ts';
import { checkAttachments } from './check-attachments.ts';

const file: Attachment = { filename: 'a.txt', contentType: null, content: 'YQ==', url: null };
const link: Attachment = { ...file, content: null, url: 'https://a.example/a.pdf' };

describe('files of an email', () => {
  it('can be brought, or be at a URL', () => {
    expect(() =>
      checkAttachments([file, link, { ...file, filename: 'Größe (1).pdf', contentType: 'application/pdf' }]),
    ).not.toThrow();
  });

  it.each<[string, Attachment[]]>([
    ['email_attachments can have at most 10 files; it has 11', Array.from({ length: 11 }, () => file)],
    ['email_attachments[0] must have content', [{ ...file, content: null }]],
    ['email_attachments[1] must have content', [file, { ...file, url: link.url }]],
    ['email_attachments[0].content must be base64', [{ ...file, content: 'a' }]],
    ['email_attachments[0].content must be base64', [{ ...file, content: '' }]],
    ['email_attachments[0].content must be base64', [{ ...file, content: '<p>a</p>' }]],
    ['email_attachments[0].filename must be the name of a file', [{ ...file, filename: '../a' }]],
    ['email_attachments[0].filename must be the name of a file', [{ ...file, filename: 'a\r\nb' }]],
    [
      'email_attachments[0].url must be an absolute https or http URL',
      [{ ...link, url: 'ftp://a.example/a' }],
    ],
    [
      'email_attachments[0].url is fetched once for all recipients',
      [{ ...link, url: 'https://a.example/{{ user.external_id }}' }],
    ],
    ['email_attachments[0].content_type must be a media type', [{ ...file, contentType: 'pdf' }]],
    [
      'email_attachments can bring at most 500000 bytes themselves; they are 600000. Give larger files by url',
      [
        { ...file, content: Buffer.alloc(300_000).toString('base64') },
        { ...file, content: Buffer.alloc(300_000).toString('base64') },
      ],
    ],
  ])('are refused: %s', (sentence, attachments) => {
    expect(() => checkAttachments(attachments)).toThrow(sentence);
  });
});
