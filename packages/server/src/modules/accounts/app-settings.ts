import type { CreateAppBody, UpdateAppBody } from '@carillon/wire';

const NAMES = [
  'chrome_web_origin',
  'chrome_web_default_notification_icon',
  'site_name',
  'safari_site_origin',
  'safari_icon_256_256',
  'apns_env',
  'additional_data_is_root_payload',
] as const;

/** What is kept of an app's settings; null in a change removes one. */
export type AppSettings = Pick<UpdateAppBody, (typeof NAMES)[number]>;

/** Only the settings we know, from a body that may hold anything. */
export function settingsIn(body: CreateAppBody | UpdateAppBody): AppSettings {
  return Object.fromEntries(NAMES.flatMap((name) => (body[name] === undefined ? [] : [[name, body[name]]])));
}
