import { basicErrorBody, catalogue, structuredErrorBody } from '@carillon/wire';
import type { BasicErrorBody, ErrorEntry, StructuredErrorBody } from '@carillon/wire';
import type { ApiError } from './api-error.ts';
import type { Envelope } from './route.ts';

/** The body that tells of a refusal, or null for an answer without one. */
export function errorBody(
  { code, message, meta }: ApiError,
  envelope: Envelope,
): BasicErrorBody | StructuredErrorBody | null {
  const entry: ErrorEntry = catalogue[code];
  if (entry.empty) return null;
  switch (entry.structured ? 'structured' : envelope) {
    case 'basic':
      return basicErrorBody(entry, message);
    case 'structured':
      return structuredErrorBody(code, entry, message, meta);
  }
}
