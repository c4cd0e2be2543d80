import type { StreamEvent } from '../destination.ts';

/**
 * Pure: the places of events in `count` lists, each of which is worked from its beginning to its end. A user's are all in
 * one, in their order. Whoever comes for the first time goes to the shortest, so that all end at about the same time.
 */
export function layTracks(
  events: readonly Pick<StreamEvent, 'userKey'>[],
  count: number,
): readonly (readonly number[])[] {
  const tracks = Array.from({ length: count }, (): number[] => []);
  const trackOf = new Map<string, number[]>();
  for (const [place, { userKey }] of events.entries()) {
    const track = trackOf.get(userKey) ?? shortest(tracks);
    trackOf.set(userKey, track);
    track.push(place);
  }
  return tracks;
}

function shortest(tracks: readonly number[][]): number[] {
  return tracks.reduce((least, track) => (track.length < least.length ? track : least));
}
