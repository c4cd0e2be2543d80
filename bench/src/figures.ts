import type { Figures } from './benchmark.ts';

/** The value below which a share `p` (0 to 1) of `values` lies; 0 when there are none. */
export function percentile(values: readonly number[], p: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))] ?? 0;
}

/** Runs `round` several times, one after the other, and returns the median of each figure. */
export async function medianOf(rounds: number, round: (index: number) => Promise<Figures>): Promise<Figures> {
  const results: Figures[] = [];
  for (let index = 0; index < rounds; index += 1) results.push(await round(index));
  const names = Object.keys(results[0] ?? {});
  return Object.fromEntries(
    names.map((name) => [
      name,
      percentile(
        results.map((result) => result[name] ?? 0),
        0.5,
      ),
    ]),
  );
}

/** Most memory this process has held so far, in megabytes. */
export function peakRssMb(): number {
  return process.resourceUsage().maxRSS / 1024;
}

/** Three significant digits are more than any of these figures deserve. */
export function rounded(figures: Figures): Figures {
  return Object.fromEntries(
    Object.entries(figures).map(([name, value]) => [name, Number(value.toPrecision(4))]),
  );
}
