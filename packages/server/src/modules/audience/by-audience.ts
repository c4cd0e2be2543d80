import type { Audience } from './condition.ts';

/**
 * Does what is asked of several audiences audience by audience, because a statement is made for one of them.
 * The results come in the order of the requests.
 */
export async function byAudience<Request extends { readonly audience: Audience }, Result>(
  requests: readonly Request[],
  work: (audience: Audience, requests: readonly Request[]) => Promise<readonly Result[]>,
): Promise<Result[]> {
  const groups = new Map<Audience, Request[]>();
  for (const request of requests) {
    const group = groups.get(request.audience);
    if (group === undefined) groups.set(request.audience, [request]);
    else group.push(request);
  }
  const results = new Map<Request, Result>();
  for (const [audience, asked] of groups) {
    for (const [index, result] of (await work(audience, asked)).entries()) {
      const request = asked[index];
      if (request !== undefined) results.set(request, result);
    }
  }
  return requests.map((request) => results.get(request) as Result);
}
