import { ApiError } from '../../../platform/http/api-error.ts';

/** Does `work`; a refusal that names a field names it as part of `field`. */
export function inField<Result>(field: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw within(field, error);
  }
}

/** As `inField`, of a promise. */
export async function awaitInField<Result>(field: string, work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    throw within(field, error);
  }
}

function within(field: string, error: unknown): unknown {
  if (!(error instanceof ApiError) || error.params['field'] === undefined) return error;
  const params = { ...error.params, field: `${field}.${error.params['field']}` };
  return new ApiError(error.code, { params, cause: error });
}
