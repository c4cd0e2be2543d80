import type { DynamicContent } from '../dynamic-content.ts';
import type { Texts } from '../texts.ts';

/** What a text message says, before it is filled in for one person. */
export interface SmsContent {
  readonly channel: 'sms';
  /** Liquid. */
  readonly contents: Texts;
  /** The app's own sender when null. */
  readonly from: string | null;
  readonly mediaUrls: readonly string[];
  readonly dynamicContent: DynamicContent | null;
}

export const EMPTY_SMS: SmsContent = {
  channel: 'sms',
  contents: {},
  from: null,
  mediaUrls: [],
  dynamicContent: null,
};
