import type { Envelope } from '../../channel.ts';
import type { RenderedSms } from '../rendered-sms.ts';
import { encodingOf } from '../segments.ts';

/** The body of a request, or why Vonage can never take the message. */
export type WrittenMessage = { readonly body: object } | { readonly fault: string };

const LONGEST = { sms: 1_000, mms: 2_000, rcs: 3_072 } as const;

/** Kinds of files by how their names end. What is none of them goes as a file. */
const KINDS: readonly (readonly [RegExp, string])[] = [
  [/\.(jpe?g|png|gif|webp)$/i, 'image'],
  [/\.(mp4|3gp?p?|mov|webm)$/i, 'video'],
  [/\.(mp3|aac|amr|ogg|wav|m4a)$/i, 'audio'],
  [/\.vcf$/i, 'vcard'],
];

/** A message as the Messages API takes it. `reportsTo`: where its fate is told; null: where the application says. */
export function writeMessage(
  { messageId, recipient, content }: Envelope<RenderedSms>,
  usualSender: string,
  reportsTo: string | null,
): WrittenMessage {
  const { text, mediaUrls } = content;
  const from = content.from ?? usualSender;
  if (/^MG[\da-f]{32}$/i.test(from)) {
    return { fault: 'sms_from is a messaging service of Twilio, and the app sends over Vonage' };
  }
  const isRcs = /^rcs:/i.test(from);
  const channel = isRcs ? 'rcs' : mediaUrls.length > 0 ? 'mms' : 'sms';
  if (text.length > LONGEST[channel]) {
    return {
      fault: `Vonage takes ${LONGEST[channel]} characters by ${channel}, and the text has ${text.length}`,
    };
  }
  const common = {
    channel,
    from: isRcs ? from.slice('rcs:'.length) : from.replace(/^\+/, ''),
    to: recipient.token.replace(/^\+/, ''),
    // For whoever looks at Vonage's log: it names the delivery, and does not keep it from coming twice.
    client_ref: `${messageId}/${recipient.subscriptionId}`,
    ...(reportsTo !== null && { webhook_url: reportsTo, webhook_version: 'v1' }),
  };
  const [url, another] = mediaUrls;
  if (url === undefined) {
    const sms = { encoding_type: encodingOf(text) === 'GSM-7' ? 'text' : 'unicode' };
    return { body: { ...common, message_type: 'text', text, ...(!isRcs && { sms }) } };
  }
  if (another !== undefined) return { fault: 'Vonage takes one file a message: leave one of sms_media_urls' };
  if (isRcs && text !== '') return { fault: 'RCS over Vonage takes a text or a file, and not both' };
  const kind = kindOf(url);
  const caption = text === '' ? {} : { caption: text };
  return { body: { ...common, message_type: kind, [kind]: { url, ...caption } } };
}

function kindOf(url: string): string {
  const path = URL.canParse(url) ? new URL(url).pathname : url;
  return KINDS.find(([ending]) => ending.test(path))?.[1] ?? 'file';
}
