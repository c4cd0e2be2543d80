import type { Bench, Figures } from '../benchmark.ts';
import { cpuOf, startCpuMeter } from '../cpu.ts';
import { percentile } from '../figures.ts';
import { callPlatform } from '../platform/call-platform.ts';
import { fillAudience } from '../platform/fill-audience.ts';
import { startPlatform } from '../platform/start-platform.ts';

export interface HttpIngest {
  readonly people: number;
  readonly journeys: number;
  /** Events of a request. */
  readonly batch: number;
  readonly seconds: number;
  readonly eventOf: (number: number) => { readonly name: string };
}

const CONNECTIONS = 8;
const YEAR = 31_556_952;

/** Events over HTTP, as fast as the whole program takes them in while its journeys run. */
export async function httpIngest(
  bench: Bench,
  { people, journeys, batch, seconds, eventOf }: HttpIngest,
): Promise<Figures> {
  const { database, url } = await bench.database();
  const platform = await startPlatform(bench, url);
  await fillAudience(database, platform.appId, people);
  const call = callPlatform(platform);
  bench.afterwards(() => call.close());
  const path = `/apps/${platform.appId}`;
  for (let n = 0; n < journeys; n += 1) {
    const audience = { kind: 'event_trigger', name: eventOf(n).name };
    const nodes = [{ kind: 'wait', duration_seconds: YEAR }];
    const { id } = await call<{ id: string }>('POST', `${path}/journeys`, {
      name: `Journey ${n}`,
      audience,
      nodes,
    });
    await call('PATCH', `${path}/journeys/${id}`, { state: 'active' });
  }
  let next = 0;
  let taken = 0;
  const times: number[] = [];
  const until = performance.now() + seconds * 1_000;
  const server = await cpuOf(platform.pid);
  const own = process.cpuUsage();
  const readCpu = await startCpuMeter(database);
  const start = performance.now();
  const client = async () => {
    while (performance.now() < until) {
      const from = next;
      next += batch;
      const events = Array.from({ length: batch }, (_, n) => eventOf(from + n));
      const asked = performance.now();
      const answer = await call<{ errors?: readonly object[] }>('POST', `${path}/custom_events`, { events });
      times.push(performance.now() - asked);
      if (answer.errors !== undefined)
        bench.broken(`events were refused: ${JSON.stringify(answer.errors[0])}`);
      taken += batch;
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, client));
  const rate = (taken / (performance.now() - start)) * 1_000;
  const all = await readCpu();
  const { user, system } = process.cpuUsage(own);
  return {
    http_events_per_s: rate,
    http_p50_ms: percentile(times, 0.5),
    http_p99_ms: percentile(times, 0.99),
    http_server_cpu_us: ((await cpuOf(platform.pid)) - server) / taken,
    http_database_cpu_us: (all - user - system) / taken,
  };
}
