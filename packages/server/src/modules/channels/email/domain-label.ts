/** One part of a domain name in lower case and ASCII, as the text of a pattern. */
export const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
