import { ApiError } from '../../platform/http/api-error.ts';
import { createLiquid, LiquidFault, parseLiquid } from '../../platform/liquid/index.ts';
import type { Content } from './content.ts';

const liquid = createLiquid();

/** Fields as the wire calls them, so that a refusal names what the caller wrote. */
const FIELDS = [
  ['subject', 'email_subject'],
  ['body', 'email_body'],
  ['preheader', 'email_preheader'],
  ['fromName', 'email_from_name'],
  ['fromAddress', 'email_from_address'],
  ['replyTo', 'email_reply_to_address'],
] as const;

/** Refuses a content whose Liquid is wrong, with field, line and column. */
export function checkContent(content: Content): void {
  for (const [name, field] of FIELDS) {
    const template = content[name];
    if (template !== null) checkField(field, template);
  }
}

function checkField(field: string, template: string): void {
  try {
    parseLiquid(liquid, template);
  } catch (error) {
    if (!(error instanceof LiquidFault)) throw error;
    const { message: problem, line, column } = error;
    throw new ApiError('liquid-invalid', {
      params: { field, line, column, problem },
      meta: { field, line, column },
      cause: error,
    });
  }
}
