import { textsOfLanguages } from '../liquid-text.ts';
import type { LiquidText } from '../liquid-text.ts';
import type { PushContent } from './push-content.ts';
import { textsOfUpdates } from './texts-of-updates.ts';

/** Where a tap leads, and what is shown: `data` and buttons reach the app as they are. */
const ADDRESSES = [
  'url',
  'web_url',
  'app_url',
  'global_image',
  'big_picture',
  'huawei_big_picture',
  'adm_big_picture',
  'chrome_web_image',
  'chrome_big_picture',
  'large_icon',
  'huawei_large_icon',
  'adm_large_icon',
  'chrome_web_icon',
  'firefox_icon',
  'chrome_icon',
] as const;

/** The texts of a push message that are Liquid. In what is read on a locked screen and in `url` no loop is allowed. */
export function textsOfPush({ fields, liveActivity }: PushContent): LiquidText[] {
  return [
    ...textsOfLanguages('contents', fields.contents, false),
    ...textsOfLanguages('headings', fields.headings, false),
    ...textsOfLanguages('subtitle', fields.subtitle, false),
    ...membersOf('apns_alert', fields.apns_alert, false),
    ...membersOf('ios_attachments', fields.ios_attachments, true),
    ...ADDRESSES.flatMap((field) => {
      const source = fields[field];
      return source === undefined ? [] : [{ field, language: null, source, mayLoop: field !== 'url' }];
    }),
    ...(liveActivity === undefined ? [] : textsOfUpdates(liveActivity.event_updates)),
  ];
}

function membersOf(
  field: string,
  members: Readonly<Record<string, unknown>> | undefined,
  mayLoop: boolean,
): LiquidText[] {
  return Object.entries(members ?? {}).flatMap(([name, source]) =>
    typeof source === 'string' ? [{ field: `${field}.${name}`, language: null, source, mayLoop }] : [],
  );
}
