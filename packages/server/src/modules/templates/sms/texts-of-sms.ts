import { textsOfLanguages } from '../liquid-text.ts';
import type { LiquidText } from '../liquid-text.ts';
import type { SmsContent } from './sms-content.ts';

/** The texts of a text message that are Liquid. */
export function textsOfSms({ contents }: SmsContent): LiquidText[] {
  return textsOfLanguages('contents', contents, true);
}
