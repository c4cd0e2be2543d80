import type { FastifySchemaValidationError } from 'fastify';
import { ApiError } from './api-error.ts';
import type { Envelope } from './route.ts';

/** The part of a request that a schema speaks of; `line` is one of a body of many. */
export type Part = 'body' | 'line' | 'querystring' | 'params' | 'headers';

/**
 * Turns a schema's complaint into a sentence: which field, by its JSON path, and what it must be.
 * `value` is the whole part that was checked.
 */
export function validationError(
  complaints: readonly FastifySchemaValidationError[],
  part: Part,
  value: unknown,
  envelope: Envelope,
): ApiError {
  const complaint = mostTelling(complaints);
  const path = pathOf(complaint);
  if (complaint.params['format'] === 'uuid' && envelope === 'structured') {
    return new ApiError('request-1', { meta: { [path]: at(value, complaint) } });
  }
  const field = path === '' ? wholeOf(part) : path;
  return new ApiError('request-invalid', { params: { field, rule: ruleOf(complaint, complaints, value) } });
}

/**
 * A union complains once for each of its branches and then for itself. A complaint from deeper inside
 * says more, because some branch fitted that far; otherwise the union itself speaks for all branches.
 */
function mostTelling(complaints: readonly FastifySchemaValidationError[]): FastifySchemaValidationError {
  const last = complaints[complaints.length - 1]!;
  if (last.keyword !== 'anyOf' && last.keyword !== 'oneOf') return last;
  const depth = Math.max(...complaints.map(({ instancePath }) => instancePath.length));
  const deeper =
    depth > last.instancePath.length
      ? complaints.findLast(({ instancePath }) => instancePath.length === depth)
      : undefined;
  const member = complaints.find(
    ({ keyword }) => keyword === 'required' || keyword === 'additionalProperties',
  );
  return deeper ?? member ?? last;
}

/** `/subscriptions/0/type` is written `subscriptions[0].type`. */
function pathOf({ instancePath, keyword, params }: FastifySchemaValidationError): string {
  const steps = instancePath.split('/').slice(1).map(unescape);
  if (keyword === 'required') steps.push(String(params['missingProperty']));
  if (keyword === 'additionalProperties') steps.push(String(params['additionalProperty']));
  if (keyword === 'propertyNames') steps.push(String(params['propertyName']));
  return steps
    .map((step, index) => (/^\d+$/.test(step) ? `[${step}]` : (index > 0 ? '.' : '') + step))
    .join('');
}

function unescape(step: string): string {
  return step.replaceAll('~1', '/').replaceAll('~0', '~');
}

function wholeOf(part: Part): string {
  switch (part) {
    case 'body':
      return 'The request body';
    case 'line':
      return 'The line';
    case 'querystring':
      return 'The query string';
    case 'params':
      return 'The path';
    case 'headers':
      return 'The headers';
  }
}

function at(value: unknown, { instancePath }: FastifySchemaValidationError): unknown {
  let found = value;
  for (const step of instancePath.split('/').slice(1).map(unescape)) {
    found = (found as Record<string, unknown> | null | undefined)?.[step];
  }
  return found;
}

function ruleOf(
  complaint: FastifySchemaValidationError,
  complaints: readonly FastifySchemaValidationError[],
  value: unknown,
): string {
  const { keyword, params, message } = complaint;
  const limit = params['limit'] as number;
  switch (keyword) {
    case 'required':
      return 'is required';
    case 'type':
      return `must be ${typeName(params['type'])}, not ${nameOf(at(value, complaint))}`;
    case 'enum':
      return `must be one of ${list(params['allowedValues'] as unknown[])}`;
    case 'const':
      return `must be ${JSON.stringify(params['allowedValue'])}`;
    case 'anyOf':
    case 'oneOf':
      return unionRule(complaint, complaints, value);
    case 'format':
      return FORMATS[params['format'] as string] ?? `must have the format ${String(params['format'])}`;
    case 'pattern':
      return `must match the pattern ${String(params['pattern'])}`;
    case 'minLength':
      return limit === 1 ? 'can not be blank' : `must be at least ${limit} characters long`;
    case 'maxLength':
      return `must be at most ${limit} characters long`;
    case 'minItems':
      return `must have at least ${limit} ${limit === 1 ? 'entry' : 'entries'}`;
    case 'maxItems':
      return `must have at most ${limit} ${limit === 1 ? 'entry' : 'entries'}: split them over several requests`;
    case 'minProperties':
      return `must have at least ${limit} ${limit === 1 ? 'member' : 'members'}`;
    case 'maxProperties':
      return `must have at most ${limit} members`;
    case 'minimum':
    case 'exclusiveMinimum':
      return `must be ${keyword === 'minimum' ? 'at least' : 'more than'} ${limit}`;
    case 'maximum':
    case 'exclusiveMaximum':
      return `must be ${keyword === 'maximum' ? 'at most' : 'less than'} ${limit}`;
    case 'uniqueItems':
      return `must not repeat an entry: entries ${String(params['j'])} and ${String(params['i'])} are the same`;
    case 'additionalProperties':
      return 'is not known here: remove it';
    case 'propertyNames':
      return 'is not an accepted name';
    default:
      return message ?? 'is not accepted';
  }
}

const FORMATS: Readonly<Record<string, string>> = {
  uuid: 'must be a valid UUID',
  email: 'must be a valid email address',
  'date-time': 'must be an ISO 8601 time with its offset, such as 2026-01-31T09:00:00Z',
  date: 'must be a date such as 2026-01-31',
  uri: 'must be an absolute URL such as https://example.com/path',
};

/** What the branches at the union's own place would have taken. */
function unionRule(
  union: FastifySchemaValidationError,
  complaints: readonly FastifySchemaValidationError[],
  value: unknown,
): string {
  const branches = complaints.filter((one) => one !== union && one.instancePath === union.instancePath);
  const constants = branches.filter(({ keyword }) => keyword === 'const');
  if (constants.length > 0)
    return `must be one of ${list(constants.map(({ params }) => params['allowedValue']))}`;
  const other = branches.find(({ keyword }) => keyword !== 'type');
  if (other !== undefined) return ruleOf(other, [other], value);
  const types = [...new Set(branches.map(({ params }) => typeName(params['type'])))];
  return `must be ${types.join(' or ')}, not ${nameOf(at(value, union))}`;
}

function list(values: readonly unknown[]): string {
  return values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))).join(', ');
}

function typeName(type: unknown): string {
  if (Array.isArray(type)) return type.map(typeName).join(' or ');
  if (type === 'null') return 'null';
  return `${/^[aeiou]/.test(String(type)) ? 'an' : 'a'} ${String(type)}`;
}

function nameOf(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  return typeName(Array.isArray(value) ? 'array' : typeof value);
}
