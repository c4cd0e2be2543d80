import { cutIntoSegments, segmentsOf } from '../../sms/segments.ts';
import type { ArrivedSms } from '../numbers/arrived-sms.ts';
import type { KeptMessage } from './message-box.ts';
import { NOTHING, previewOf } from './readable-message.ts';
import type { ReadableMessage } from './readable-message.ts';

/** A text message as it is kept. */
interface SmsContent {
  readonly text: string;
  readonly mediaUrls: readonly string[];
}

export function writeSms({ text, mediaUrls }: ArrivedSms): Buffer {
  return Buffer.from(JSON.stringify({ text, mediaUrls } satisfies SmsContent));
}

export function readSms({ sender }: KeptMessage, raw: Buffer): ReadableMessage {
  const { text, mediaUrls } = JSON.parse(raw.toString('utf8')) as SmsContent;
  return {
    ...NOTHING,
    from: { name: '', address: sender },
    preview: previewOf(text),
    text,
    sms: { segments: segmentsOf(text), parts: cutIntoSegments(text), mediaUrls },
  };
}
