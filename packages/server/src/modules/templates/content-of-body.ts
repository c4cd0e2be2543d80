import type { UpdateTemplateBody } from '@carillon/wire';
import { ApiError } from '../../platform/http/api-error.ts';
import type { Content } from './content.ts';
import { overlayContent } from './overlay-content.ts';

/**
 * The content that a request describes: what it names, over what the template said `before`. What
 * would change the message and is not built yet is refused. A template may lack a subject; the
 * message that uses it must then bring one.
 */
export function contentOfBody(body: UpdateTemplateBody, before: Content | null): Content {
  refuseUnbuilt(body, before);
  const content = overlayContent(body, before);
  if (content.body.trim() === '') throw new ApiError('template-email-body');
  return content;
}

function refuseUnbuilt(body: UpdateTemplateBody, before: Content | null): void {
  const isEmail = body.isEmail ?? (before !== null || body.email_body !== undefined);
  const says = Object.keys(body.contents ?? {}).length > 0;
  if (!isEmail && !says && body.isSMS !== true) throw new ApiError('template-contents');
  if (!isEmail || body.isSMS === true)
    refuse('isEmail', 'must be true: templates of other channels are not built yet');
  if ((body.email_bcc ?? []).length > 0) refuse('email_bcc', 'is not built yet: leave it out');
  if ((body.dynamic_content ?? null) !== null) refuse('dynamic_content', 'is not built yet: leave it out');
}

function refuse(field: string, rule: string): never {
  throw new ApiError('request-invalid', { params: { field, rule } });
}
