import { refuseField } from '../refuse-field.ts';
import { hasLiquid } from '../liquid-text.ts';
import { checkWebAddress } from '../web-address.ts';
import type { PushContent } from './push-content.ts';

const LARGEST_DATA_BYTES = 2_048;

/** Pictures that a browser loads: elsewhere a name of something that the app brings along will do. */
const WEB_PICTURES = [
  'global_image',
  'chrome_web_image',
  'chrome_big_picture',
  'chrome_web_icon',
  'firefox_icon',
  'chrome_icon',
  'chrome_web_badge',
] as const;

/** Refuses what no platform would take. Types and ranges are in the wire's shapes. */
export function checkPush({ fields }: PushContent): void {
  checkWebAddress('url', fields.url, ['https']);
  checkWebAddress('web_url', fields.web_url, ['https']);
  checkAppAddress(fields.app_url);
  for (const [index, button] of (fields.web_buttons ?? []).entries()) {
    checkWebAddress(`web_buttons[${index}].url`, button.url, ['https']);
  }
  for (const name of WEB_PICTURES) checkWebAddress(name, fields[name], ['https', 'http']);
  const size = Buffer.byteLength(JSON.stringify(fields.data ?? {}));
  if (size > LARGEST_DATA_BYTES) {
    refuseField('data', `must be at most ${LARGEST_DATA_BYTES} bytes of JSON; it is ${size}`);
  }
  for (const name of ['headings', 'subtitle'] as const) {
    const texts = fields[name];
    if (texts !== undefined && !texts['en']?.trim()) {
      refuseField(`${name}.en`, 'is required: readers of other languages than the given ones get it');
    }
  }
}

/** Apps have schemes of their own: `shop://orders/7`. */
function checkAppAddress(address: string | undefined): void {
  if (address === undefined || hasLiquid(address) || /^[a-z][a-z\d+.-]*:\S+$/i.test(address)) return;
  refuseField('app_url', 'must be a URL of any scheme, such as shop://orders/7', address);
}
