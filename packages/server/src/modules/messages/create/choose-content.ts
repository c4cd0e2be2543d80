import type { CreateMessageBody } from '@carillon/wire';
import { ApiError } from '../../../platform/http/api-error.ts';
import type { Content } from '../../templates/index.ts';

/**
 * What the message says: the template, with whatever the request itself gives put over it.
 * Throws ApiError when together they have no subject or no body.
 */
export function chooseContent(body: CreateMessageBody, template: Content | null): Content {
  return {
    channel: 'email',
    subject: required('email_subject', body.email_subject ?? template?.subject),
    body: required('email_body', body.email_body ?? template?.body),
    preheader: body.email_preheader ?? template?.preheader ?? null,
    fromName: body.email_from_name ?? template?.fromName ?? null,
    fromAddress: body.email_from_address ?? template?.fromAddress ?? null,
    replyTo: body.email_reply_to_address ?? template?.replyTo ?? null,
    trackClicks: clickTracking(body.disable_email_click_tracking) ?? template?.trackClicks ?? true,
  };
}

function required(field: string, value: string | undefined): string {
  if (value !== undefined && value !== '') return value;
  throw new ApiError('message-field', { params: { field, rule: 'is required unless template_id gives it' } });
}

function clickTracking(disabled: boolean | null | undefined): boolean | undefined {
  return disabled === null || disabled === undefined ? undefined : !disabled;
}
