import { ApiError } from '../../platform/http/api-error.ts';
import { createLiquid, LiquidFault, parseLiquid, refuseTags } from '../../platform/liquid/index.ts';
import type { Content } from './content.ts';
import { checkEmail } from './email/check-email.ts';
import { placeOf } from './liquid-text.ts';
import type { LiquidText } from './liquid-text.ts';
import { FaultlessTexts } from './faultless-texts.ts';
import { checkPush } from './push/check-push.ts';
import { checkSms } from './sms/check-sms.ts';
import { textsOfContent } from './texts-of-content.ts';

const liquid = createLiquid();

/** Push services cut texts off: whoever writes loops into them would not see where. */
const LOOPS = ['for', 'tablerow'];

/** What was said a moment ago is mostly what is said now: a single send's texts are not parsed each time. */
const faultless = new FaultlessTexts();

/** Liquid that cannot be read. Lines and columns count from 1. */
export interface ContentFault {
  readonly field: string;
  readonly line: number;
  readonly column: number;
  readonly problem: string;
}

/** Refuses a content with wrong Liquid, with field, line and column, or with a value that its channel does not take. */
export function checkContent(content: Content): void {
  const [fault] = findFaults(content);
  if (fault !== undefined) {
    const { field, line, column } = fault;
    throw new ApiError('liquid-invalid', { params: { ...fault }, meta: { field, line, column } });
  }
  checkFields(content);
}

/** What is wrong with the Liquid of a content: the first fault of each text. */
export function findFaults(content: Content): ContentFault[] {
  return textsOfContent(content).flatMap((text) => {
    const fault = faultOf(text);
    if (fault === null) return [];
    const { message: problem, line, column } = fault;
    return [{ field: placeOf(text), line, column, problem }];
  });
}

/** Refuses a value that the channel does not take. */
export function checkFields(content: Content): void {
  switch (content.channel) {
    case 'email':
      return checkEmail(content);
    case 'push':
      return checkPush(content);
    case 'sms':
      return checkSms(content);
  }
}

function faultOf({ source, mayLoop }: LiquidText): LiquidFault | null {
  if (faultless.has(source, mayLoop)) return null;
  try {
    parseLiquid(liquid, source);
    if (!mayLoop) refuseTags(source, LOOPS, 'loops are not allowed in this text of a push message');
    faultless.add(source, mayLoop);
    return null;
  } catch (error) {
    if (error instanceof LiquidFault) return error;
    throw error;
  }
}
