import { randomUUID } from 'node:crypto';
import type { HttpAnswer } from '../web/http-receiver.ts';

const JSON_BODY = { 'content-type': 'application/json' };
const PROBLEM = { 'content-type': 'application/problem+json' };

const TITLES: Readonly<Record<string, readonly [title: string, detail: string]>> = {
  unauthorized: ['Unauthorized', 'You did not provide correct credentials.'],
  'not-found': ['Not found', 'The requested resource does not exist.'],
  '1000': ['Throttled', 'You have exceeded the submission capacity allowed on this account.'],
  '1010': ['Missing params', 'The request is missing mandatory parameters.'],
  '1030': ['Internal error', 'There was an error processing your request in the Platform.'],
  '1090': ['Message too long', 'The text is longer than 1000 characters.'],
  '1150': ['Invalid params', 'The value of one or more parameters is invalid.'],
  '1160': ['Non White-listed Destination', 'The phone number is not in the pre-approved list.'],
  '1180': ['Absent Subscriber Temporary', 'The handset was switched off or out of coverage.'],
  '1190': ['Absent Subscriber Permanent', 'The number is no longer active.'],
  '1240': ['Illegal Number', 'The user has already sent a STOP opt-out message.'],
  '1250': ['Unroutable', 'The chosen route to send your message is not available.'],
  '1310': ['Not suitable device', 'The device cannot receive the message.'],
  '1420': ['Invalid sender', 'The `from` parameter is invalid for the given channel.'],
  '1430': ['Invalid recipient', 'The `to` parameter is invalid for the given channel.'],
};

/** A problem as Vonage words it (RFC 7807). */
export function problemOf(code: string): {
  readonly type: string;
  readonly title: string;
  readonly detail: string;
  readonly instance: string;
} {
  const [title = code, detail = ''] = TITLES[code] ?? [];
  const page = /^\d+$/.test(code) ? 'api-errors/messages' : 'api-errors';
  const type = `https://developer.vonage.com/${page}#${code}`;
  return { type, title, detail, instance: randomUUID().replaceAll('-', '') };
}

export function problem(
  status: number,
  code: string,
  headers: Readonly<Record<string, string>> = {},
): HttpAnswer {
  return { status, body: JSON.stringify(problemOf(code)), headers: { ...PROBLEM, ...headers } };
}

export function accepted(messageUuid: string): HttpAnswer {
  return { status: 202, body: JSON.stringify({ message_uuid: messageUuid }), headers: JSON_BODY };
}
