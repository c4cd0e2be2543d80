import type { CreateUserBody } from '@carillon/wire';
import { ApiError } from '../../../platform/http/api-error.ts';
import { parseJsonBody } from '../../../platform/http/json-body.ts';
import { parseCreateUser } from '../user-write.ts';
import type { UserWrite, WriteContext } from '../user-write.ts';
import type { Line } from './line-splitter.ts';

/** What a line asks for, or why it asks for nothing. */
export type ParsedLine =
  | { readonly kind: 'write'; readonly number: number; readonly write: UserWrite }
  | { readonly kind: 'refused'; readonly number: number; readonly error: ApiError };

/** Returns the value as a body of POST /apps/{app_id}/users, or throws ApiError when it has another shape. */
export type CheckShape = (value: unknown) => CreateUserBody;

export interface LineRules {
  readonly appId: string;
  readonly checkShape: CheckShape;
  /** Bytes of a line. */
  readonly longest: number;
}

/** Reads a line as that route reads its body, with the same refusals. */
export function parseLine(line: Line, rules: LineRules, context: WriteContext): ParsedLine {
  const { number } = line;
  try {
    return { kind: 'write', number, write: parseCreateUser(rules.appId, bodyOf(line, rules), context) };
  } catch (error) {
    if (error instanceof ApiError) return { kind: 'refused', number, error };
    throw error;
  }
}

function bodyOf(line: Line, { checkShape, longest }: LineRules): CreateUserBody {
  switch (line.kind) {
    case 'too-long':
      throw new ApiError('bulk-line-too-long', { params: { limit: longest } });
    case 'not-utf8':
      throw new ApiError('bulk-line-not-utf8');
    case 'text':
      return checkShape(jsonOf(line.text));
  }
}

function jsonOf(text: string): unknown {
  try {
    return parseJsonBody(text, 'The line');
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'body-malformed') throw error;
    const { message } = error.cause as Error;
    throw new ApiError('bulk-line-malformed', { params: { reason: message }, cause: error });
  }
}
