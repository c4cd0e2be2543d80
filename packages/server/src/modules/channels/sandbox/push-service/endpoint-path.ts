export const ENDPOINTS = '/wpush/v2/';

/** The path of an endpoint, by its last part. */
export function endpointPath(name: string): string {
  return ENDPOINTS + name;
}
