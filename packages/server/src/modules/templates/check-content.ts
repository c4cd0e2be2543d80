import { ApiError } from '../../platform/http/api-error.ts';
import { createLiquid, LiquidFault, parseLiquid, refuseTags } from '../../platform/liquid/index.ts';
import type { Content } from './content.ts';
import { checkEmail } from './email/check-email.ts';
import { placeOf } from './liquid-text.ts';
import type { LiquidText } from './liquid-text.ts';
import { checkPush } from './push/check-push.ts';
import { checkSms } from './sms/check-sms.ts';
import { textsOfContent } from './texts-of-content.ts';

const liquid = createLiquid();

/** Push services cut texts off: whoever writes loops into them would not see where. */
const LOOPS = ['for', 'tablerow'];

/** Refuses a content with wrong Liquid, with field, line and column, or with a value that its channel does not take. */
export function checkContent(content: Content): void {
  for (const text of textsOfContent(content)) checkText(text);
  switch (content.channel) {
    case 'email':
      return checkEmail(content);
    case 'push':
      return checkPush(content);
    case 'sms':
      return checkSms(content);
  }
}

/** As `checkContent`, of one text. */
function checkText(text: LiquidText): void {
  const fault = faultOf(text);
  if (fault === null) return;
  const { message: problem, line, column } = fault;
  const field = placeOf(text);
  throw new ApiError('liquid-invalid', {
    params: { field, line, column, problem },
    meta: { field, line, column },
    cause: fault,
  });
}

function faultOf({ source, mayLoop }: LiquidText): LiquidFault | null {
  try {
    parseLiquid(liquid, source);
    if (!mayLoop) refuseTags(source, LOOPS, 'loops are not allowed in this text of a push message');
    return null;
  } catch (error) {
    if (error instanceof LiquidFault) return error;
    throw error;
  }
}
