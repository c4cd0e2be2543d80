import type { FastifyRequest } from 'fastify';
import { ApiError } from './api-error.ts';
import { invalidField } from './invalid-field.ts';
import type { Http } from './route.ts';
import { findUnstorable } from './storable-text.ts';

/** Far above what people write, far below what breaks a serializer or PostgreSQL. */
const DEEPEST = 64;

/** `__proto__`, plain or with some of its letters escaped. */
const PROTO = /__proto__|\\u00(?:5f|70|72|6f|74)/i;

/**
 * Bodies are JSON whatever their Content-Type says, because clients leave it out or get it wrong. An
 * empty body is no body: the route's schema says whether that is accepted. What does not look like
 * JSON under another Content-Type is no body either, so that the answer can name what is missing.
 */
export function acceptJson(http: Http): void {
  http.removeAllContentTypeParsers();
  http.addContentTypeParser<string>('application/json', { parseAs: 'string' }, readJson);
  http.addContentTypeParser<string>('*', { parseAs: 'string' }, readWhatLooksLikeJson);
}

async function readJson(_request: FastifyRequest, text: string): Promise<unknown> {
  return parseJsonBody(text);
}

async function readWhatLooksLikeJson(_request: FastifyRequest, text: string): Promise<unknown> {
  return /^\s*[{[]/.test(text) ? parseJsonBody(text) : undefined;
}

/**
 * The value of a JSON body, undefined for an empty one. Refuses what cannot be stored as `jsonb`; `whole`
 * is what the refusal calls the text.
 */
export function parseJsonBody(text: string, whole = 'The request body'): unknown {
  if (text.trim() === '') return undefined;
  const value = parse(text);
  const unstorable = findUnstorable(text, value);
  if (unstorable !== null) {
    const field = unstorable === '' ? whole : unstorable;
    throw invalidField(field, 'must not contain NUL (\\u0000) or half of a surrogate pair: remove it');
  }
  if (text.length > DEEPEST && isDeeper(value, DEEPEST)) {
    throw invalidField(whole, `must not nest deeper than ${DEEPEST} levels: flatten it`);
  }
  return value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text, PROTO.test(text) ? withoutProto : undefined) as unknown;
  } catch (error) {
    throw new ApiError('body-malformed', { params: { reason: (error as Error).message }, cause: error });
  }
}

function withoutProto(key: string, value: unknown): unknown {
  return key === '__proto__' ? undefined : value;
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  if (Array.isArray(value)) return value.some((entry) => isDeeper(entry, levels - 1));
  for (const name in value) {
    if (isDeeper((value as Record<string, unknown>)[name], levels - 1)) return true;
  }
  return false;
}
