/** Metres; the condition in SQL has the same. */
export const EARTH_RADIUS_M = 6_371_008.8;

interface Place {
  readonly lat: number;
  readonly long: number;
}

/** A tenth of a metre is enough, and PostgreSQL refuses to calculate with degrees that are all but zero. */
export function roundDegrees(degrees: number): number {
  return Math.round(degrees * 1e6) / 1e6;
}

/** Metres between two places on a sphere (haversine). */
export function distance(from: Place, to: Place): number {
  const [a, b] = [rounded(from), rounded(to)];
  const half = (degrees: number) => Math.sin(radians(degrees) / 2);
  const chord =
    half(b.lat - a.lat) ** 2 +
    Math.cos(radians(a.lat)) * Math.cos(radians(b.lat)) * half(b.long - a.long) ** 2;
  return 2 * EARTH_RADIUS_M * Math.asin(Math.min(1, Math.sqrt(chord)));
}

function rounded({ lat, long }: Place): Place {
  return { lat: roundDegrees(lat), long: roundDegrees(long) };
}

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}
