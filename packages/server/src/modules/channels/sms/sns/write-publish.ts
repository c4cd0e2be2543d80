import type { Envelope } from '../../channel.ts';
import type { RenderedSms } from '../rendered-sms.ts';
import type { SnsSettings } from './sns-account.ts';

/** The form of a `Publish`, or why SNS can never take the message. */
export type WrittenPublish = { readonly form: URLSearchParams } | { readonly fault: string };

const LONGEST = 1_600;

export function writePublish(
  settings: Pick<SnsSettings, 'from' | 'smsType'>,
  { messageId, recipient, content }: Envelope<RenderedSms>,
): WrittenPublish {
  const from = content.from ?? settings.from;
  if (content.mediaUrls.length > 0) return { fault: 'SNS carries no media: leave sms_media_urls out' };
  if (content.text.length > LONGEST) {
    return { fault: `SNS takes ${LONGEST} characters, and the text has ${content.text.length}` };
  }
  if (from !== null && /^(MG[\da-f]{32}$|rcs:)/i.test(from)) {
    return { fault: 'sms_from is a messaging service or an RCS agent, and the app sends over SNS' };
  }
  const attributes: [name: string, value: string][] = [
    ['AWS.SNS.SMS.SMSType', settings.smsType],
    // It names the delivery for whoever looks, and does not keep it from coming twice.
    ['delivery', `${messageId}/${recipient.subscriptionId}`],
  ];
  if (from !== null)
    attributes.push([isNumber(from) ? 'AWS.MM.SMS.OriginationNumber' : 'AWS.SNS.SMS.SenderID', from]);
  const form = new URLSearchParams({
    Action: 'Publish',
    Version: '2010-03-31',
    PhoneNumber: recipient.token,
    Message: content.text,
  });
  for (const [index, [name, value]] of attributes.entries()) {
    const entry = `MessageAttributes.entry.${index + 1}`;
    form.set(`${entry}.Name`, name);
    form.set(`${entry}.Value.DataType`, 'String');
    form.set(`${entry}.Value.StringValue`, value);
  }
  return { form };
}

function isNumber(from: string): boolean {
  return /^\+?\d+$/.test(from);
}
