import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { dkimVerify } from 'mailauth/lib/dkim/verify.js';
import { describe, expect, it } from 'vitest';
import type { Mail } from '../mail.ts';
import { writeAttachment } from '../write-attachment.ts';
import { writeMail } from '../write-mail.ts';
import { dkimRecordOf } from './dkim-key.ts';
import type { DkimSettings } from './dkim-key.ts';
import { DkimSigner } from './dkim-signer.ts';

const pkcs8 = { format: 'pem', type: 'pkcs8' } as const;
const PRIVATE_KEYS = {
  rsa: generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey.export(pkcs8).toString(),
  ed25519: generateKeyPairSync('ed25519').privateKey.export(pkcs8).toString(),
};
type KeyType = keyof typeof PRIVATE_KEYS;

const settingsOf = (type: KeyType): DkimSettings => ({
  domain: 'tea.example',
  selector: 'c1',
  privateKey: PRIVATE_KEYS[type],
});

const mail: Mail = {
  messageId: '<abc@shop.example>',
  from: { name: 'Tea & Kettle', address: 'hello@tea.example' },
  to: 'anna@example.com',
  returnPath: null,
  recipient: 'anna@example.com',
  replyTo: 'Größe & Co <help@tea.example>',
  subject: `Größe, Ordnung & 12 € ${'and so on '.repeat(20)}`,
  html: '<p>It is  on its way   </p>\n\n\t\n',
  text: 'It is  on its way \t \n \n\n',
  attachments: [],
  headers: {
    'List-Unsubscribe': '<https://shop.example/u>',
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
  },
  date: Date.UTC(2026, 0, 2, 3, 4, 5),
};

function signed(type: KeyType, changes: Partial<Mail> = {}): Buffer {
  const written = writeMail({ ...mail, ...changes });
  return Buffer.concat(new DkimSigner(settingsOf(type)).sign(written, mail.date).pieces);
}

/** As a receiver checks it, which looks the key up where the record is to be published. */
async function verify(bytes: Buffer, type: KeyType) {
  const record = dkimRecordOf(settingsOf(type));
  const resolver = async (name: string, kind: string) => {
    if (name !== record.name || kind !== record.type) throw Object.assign(new Error(), { code: 'ENOTFOUND' });
    return [[record.value]];
  };
  const { results } = await dkimVerify(bytes, { resolver, curTime: new Date(mail.date) });
  return results[0];
}

describe.each(['rsa', 'ed25519'] as const)('a mail signed with a key of type %s', (type) => {
  it.each<[string, Partial<Mail>]>([
    ['text and HTML', {}],
    ['HTML alone', { text: null }],
    ['no words at all', { html: '', text: null }],
    ['letters of other scripts', { html: 'Зелёный чай '.repeat(50), text: 'Größe' }],
    ['files', { attachments: [writeAttachment(fileOf(100_000)), writeAttachment(fileOf(0))] }],
    ['an address in other letters', { to: 'größe@größe.example' }],
    ['no address for replies', { replyTo: null }],
  ])('passes at a receiver: %s', async (_, changes) => {
    const result = await verify(signed(type, changes), type);
    expect(result).toMatchObject({
      signingDomain: 'tea.example',
      selector: 'c1',
      algo: `${type}-sha256`,
      format: 'relaxed/relaxed',
      status: { result: 'pass', aligned: 'tea.example' },
    });
  });

  it('passes when a server on the way has folded lines anew', async () => {
    const text = signed(type)
      .toString('latin1')
      .replace('To: anna', 'TO:\r\n  anna')
      .replaceAll(' \r\n', '\r\n');
    expect(await verify(Buffer.from(text, 'latin1'), type)).toMatchObject({ status: { result: 'pass' } });
  });

  it.each([
    ['its sender', 'From: ', 'From: X'],
    ['its recipient', 'To: anna', 'To: anne'],
    ['its subject', 'Subject: ', 'Subject: X'],
    ['its date', 'Date: Fri', 'Date: Thu'],
    ['its id', '<abc@', '<abd@'],
    ['where replies go', 'Reply-To: ', 'Reply-To: X'],
    ['the way out', 'List-Unsubscribe: <https://shop', 'List-Unsubscribe: <https://evil'],
    ['the kind of the way out', '=One-Click', '=Two-Clicks'],
    ['the kind of its body', 'multipart/alternative', 'multipart/mixed'],
    ['a word of its body', 'It is', 'It was'],
    ['a second sender', 'From: ', 'From: evil@tea.example\r\nFrom: '],
    ['a second subject', 'Subject: ', 'Subject: Win\r\nSubject: '],
  ])('does not pass with another %s', async (_, from, to) => {
    const text = signed(type).toString('latin1');
    expect(text).toContain(from);
    const changed = Buffer.from(text.replace(from, to), 'latin1');
    expect(await verify(changed, type)).toMatchObject({
      status: { result: expect.not.stringMatching('pass') },
    });
  });
});

it('signs a body wherever its pieces are cut', async () => {
  const whole = writeMail(mail);
  const signer = new DkimSigner(settingsOf('ed25519'));
  const bytes = Buffer.concat([...whole.pieces]);
  const expected = Buffer.concat([...signer.sign(whole, mail.date).pieces]);
  const body = bytes.indexOf('\r\n\r\n') + 4;
  for (let cut = body; cut <= bytes.length; cut += 1) {
    const pieces = [bytes.subarray(0, cut), bytes.subarray(cut)];
    const parts = signer.sign({ ...whole, pieces }, mail.date).pieces;
    expect(Buffer.concat([...parts]).equals(expected)).toBe(true);
  }
});

function fileOf(size: number) {
  return { filename: 'terms.pdf', contentType: 'application/pdf', bytes: randomBytes(size) };
}
