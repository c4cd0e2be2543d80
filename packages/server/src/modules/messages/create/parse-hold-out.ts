import type { CreateMessageBody } from '@carillon/wire';
import type { HoldOut } from '../hold-out.ts';
import { parsePercent } from '../percent.ts';
import { wrong } from '../wrong-field.ts';

const MOST_PERCENT = 99;

/** Whom a request leaves out; null for nobody. Without a group others are left out of every message. Throws ApiError. */
export function parseHoldOut(
  { hold_out_percent: percent, hold_out_group: group }: CreateMessageBody,
  { appId, messageId }: { readonly appId: string; readonly messageId: string },
): HoldOut | null {
  const named = group ?? null;
  if (named !== null && named.trim() === '') {
    throw wrong('hold_out_group', 'must not be blank: give a name such as winter-2026, or leave it away');
  }
  if (percent === undefined || percent === null) {
    if (named === null) return null;
    throw wrong('hold_out_group', 'needs hold_out_percent: say how many of the users are held out');
  }
  if (percent === 0) return null;
  const parts = parsePercent('hold_out_percent', percent, MOST_PERCENT);
  return { salt: `hold-out ${named === null ? messageId : `${appId} ${named}`}`, parts, group: named };
}
