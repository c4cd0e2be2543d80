import type { TemplateContentBody } from '@carillon/wire';
import { ApiError } from '../../platform/http/api-error.ts';

/** What Liquid sees as `dynamic_content`: `{"spring": {"A": {"title": "…"}}}`. */
export type DynamicContent = Readonly<Record<string, unknown>>;

export type DynamicContentField = Pick<TemplateContentBody, 'dynamic_content'>;

const LARGEST_BYTES = 64 * 1024;

/** What a request gives over what was there before. Throws ApiError `request-invalid`. */
export function overlayDynamicContent(
  { dynamic_content: given }: DynamicContentField,
  before: { readonly dynamicContent: DynamicContent | null } | null,
): DynamicContent | null {
  if (given === undefined) return before?.dynamicContent ?? null;
  const value = typeof given === 'string' ? parse(given) : given;
  const size = Buffer.byteLength(JSON.stringify(value));
  if (size > LARGEST_BYTES) throw refusal(`must be at most ${LARGEST_BYTES} bytes of JSON; it is ${size}`);
  return value === null || Object.keys(value).length === 0 ? null : value;
}

/** Typed clients send the JSON as a text. */
function parse(text: string): Record<string, unknown> | null {
  if (text.trim() === '') return null;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && !Array.isArray(value)) return value as Record<string, unknown> | null;
  } catch {
    // Told below.
  }
  throw refusal(`must be a JSON object, or the text of one, not "${text.slice(0, 60)}"`);
}

function refusal(rule: string): ApiError {
  return new ApiError('request-invalid', { params: { field: 'dynamic_content', rule } });
}
