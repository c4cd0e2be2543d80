/**
 * Does what is asked group by group, all groups at the same time: those with the same key together. The results
 * come in the order of the requests.
 */
export async function inGroups<Request, Key, Result>(
  requests: readonly Request[],
  keyOf: (request: Request) => Key,
  work: (key: Key, requests: readonly Request[]) => Promise<readonly Result[]>,
): Promise<Result[]> {
  const groups = new Map<Key, number[]>();
  for (const [place, request] of requests.entries()) {
    const key = keyOf(request);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [place]);
    else group.push(place);
  }
  const results: Result[] = [];
  await Promise.all(
    [...groups].map(async ([key, places]) => {
      const done = await work(
        key,
        places.map((place) => requests[place] as Request),
      );
      for (const [index, place] of places.entries()) results[place] = done[index] as Result;
    }),
  );
  return results;
}
