import { percentile } from '../figures.ts';
import { Connection } from './connection.ts';

export interface Load {
  readonly rate: number;
  readonly p50: number;
  readonly p99: number;
  readonly requests: number;
}

export interface LoadOptions {
  /** Servers that share the connections. */
  readonly urls: readonly string[];
  readonly connections: number;
  readonly seconds: number;
  /** The next request, whole, as it goes over the wire. */
  readonly next: () => string;
}

/**
 * A closed loop: each connection sends its next request when the last one was answered. Rate and
 * milliseconds from request to answer. Any answer but a success ends it with an error.
 */
export async function load({ urls, connections, seconds, next }: LoadOptions): Promise<Load> {
  const open = await Promise.all(
    Array.from({ length: connections }, (_, index) => Connection.open(urls[index % urls.length] ?? '')),
  );
  const latencies: number[] = [];
  const start = performance.now();
  const end = start + seconds * 1_000;
  await Promise.all(
    open.map(async (connection) => {
      for (let from = start; from < end;) {
        const answer = await connection.exchange(next());
        if (answer.status >= 300) throw new Error(`${answer.status} ${answer.body()}`);
        const now = performance.now();
        latencies.push(now - from);
        from = now;
      }
      connection.close();
    }),
  );
  return {
    rate: (latencies.length / (performance.now() - start)) * 1_000,
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
    requests: latencies.length,
  };
}
