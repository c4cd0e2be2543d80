import type { DevicePush, Envelope, RenderedPush } from '@carillon/server';
import { Child } from '@carillon/test-kit';
import type { Benchmark } from '../benchmark.ts';
import { BareClient } from './bare-client.ts';
import type { BareRequest } from './bare-client.ts';
import { compareSides, deliverAll, SESSIONS, STREAMS } from './compare.ts';
import { sampleEnvelope } from './sample-envelope.ts';

interface PushChannel<Settings> {
  deliver(
    account: { readonly key: string; readonly settings: Settings },
    page: readonly Envelope<RenderedPush>[],
  ): Promise<readonly { readonly state: string }[]>;
  close(): Promise<void>;
}

interface DevicePushBench<Settings> {
  readonly service: 'apns' | 'fcm';
  readonly name: string;
  readonly channel: () => PushChannel<Settings>;
  readonly settings: (origin: string) => Settings;
  readonly tokenOf: (index: number) => string;
  /** What the bare client sends instead, after the first message of ours. */
  readonly bareRequests: (
    first: DevicePush,
    to: { readonly origin: string; readonly settings: Settings },
  ) => Promise<(index: number) => BareRequest>;
}

/** A channel of push over HTTP/2 beside bare node:http2 with the same payloads. */
export function compareWithBare<Settings>(of: DevicePushBench<Settings>): Benchmark {
  return {
    about: `pages of rendered pushes through the channel of ${of.name} to a receiver in another process, beside bare node:http2 with the same payloads over ${SESSIONS} connections with ${STREAMS} requests each`,
    async run(bench) {
      const receiver = new Child(new URL('./receiver-process.ts', import.meta.url), [of.service]);
      bench.afterwards(() => receiver.end());
      const { port } = (await receiver.message()) as { port: number };
      const origin = `http://127.0.0.1:${port}`;
      const channel = of.channel();
      bench.afterwards(() => channel.close());
      const settings = of.settings(origin);
      const account = { key: 'bench', settings };
      const ours = (count: number) =>
        deliverAll(
          count,
          (index) => sampleEnvelope(index, of.tokenOf(index)),
          (page) => channel.deliver(account, page),
        );

      await ours(1);
      receiver.send({});
      const { first } = (await receiver.message()) as { first: DevicePush };
      const requestOf = await of.bareRequests(first, { origin, settings });
      const client = new BareClient(origin, SESSIONS, STREAMS);
      bench.afterwards(() => client.close());
      return compareSides(bench, { ours, bare: (count) => client.send(count, requestOf) });
    },
  };
}
