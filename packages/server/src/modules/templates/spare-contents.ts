/** For so long a process counts on a content being stored that it has made sure of. */
export const KEPT_MS = 60_000;

/**
 * A content that nobody has kept for so long is counted on by nobody: whoever is about to refer to it has
 * made sure of it less than a minute ago, on a clock that differs by less than the rest.
 */
export const SPARE_AFTER_MS = 5 * 60_000;
