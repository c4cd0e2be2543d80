/**
 * Does what is asked group by group: those with the same key together. All groups at the same time, or one after
 * the other where more at once would be too much. The results come in the order of the requests.
 */
export async function inGroups<Request, Key, Result>(
  requests: readonly Request[],
  keyOf: (request: Request) => Key,
  work: (key: Key, requests: readonly Request[]) => Promise<readonly Result[]>,
  order: 'at-once' | 'one-by-one' = 'at-once',
): Promise<Result[]> {
  const groups = new Map<Key, number[]>();
  for (const [place, request] of requests.entries()) {
    const key = keyOf(request);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [place]);
    else group.push(place);
  }
  const results: Result[] = [];
  const workOn = async ([key, places]: readonly [Key, readonly number[]]) => {
    const asked = places.map((place) => requests[place] as Request);
    const done = await work(key, asked);
    for (const [index, place] of places.entries()) results[place] = done[index] as Result;
  };
  if (order === 'at-once') await Promise.all([...groups].map(workOn));
  else for (const group of groups) await workOn(group);
  return results;
}
