import type { CreateMessageBody } from '@carillon/wire';
import { ApiError } from '../../../platform/http/api-error.ts';
import { overlayContent } from '../../templates/index.ts';
import type { Content } from '../../templates/index.ts';

/**
 * What the message says: the template, with whatever the request itself gives put over it.
 * Throws ApiError when together they have no subject or no body.
 */
export function chooseContent(body: CreateMessageBody, template: Content | null): Content {
  const content = overlayContent(body, template);
  if (content.subject === '') throw missing('email_subject');
  if (content.body === '') throw missing('email_body');
  return content;
}

function missing(field: string): ApiError {
  return new ApiError('message-field', {
    params: { field, rule: 'is required unless template_id gives it' },
  });
}
