import { defineConnector, postgres, runReceive } from '@carillon/connector';

export interface ReceiveSettings {
  readonly databaseUrl: string;
  readonly home: string;
  readonly port: number;
  readonly secret: string;
}

/** A receiver in a process of its own, to be restarted. Its first argument says where everything is. */
const { databaseUrl, home, port, secret } = JSON.parse(process.argv[2] ?? '') as ReceiveSettings;

await runReceive(
  defineConnector({
    name: 'bench',
    home,
    source: postgres({ url: databaseUrl, changes: 'cursor' }),
    target: { url: 'http://127.0.0.1:1', appId: 'app', apiKey: 'key' },
    back: { table: 'message_events', receive: { port, signedWith: secret, maxBodyBytes: 4 * 1024 * 1024 } },
  }),
  {
    signal: new AbortController().signal,
    report: (report) => process.send?.(report),
  },
);
