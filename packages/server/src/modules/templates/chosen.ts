/** What a request gives, null included; where it says nothing, what was there before. */
export function chosen<Value>(
  given: Value | null | undefined,
  before: Value | null | undefined,
): Value | null {
  return given === undefined ? (before ?? null) : given;
}
