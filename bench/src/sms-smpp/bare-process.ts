import { createRequire } from 'node:module';
import { PASSWORD, SENDER, SYSTEM_ID, TEXT, numberOf } from './credentials.ts';

/** The npm library `smpp` alone, with the same window, in a process of its own. It has no types. */
interface Session {
  bind_transceiver(fields: object, answered: (pdu: Pdu) => void): void;
  submit_sm(fields: object, answered: (pdu: Pdu) => void): void;
  on(event: string, hear: (pdu: Pdu) => void): void;
  send(pdu: object): void;
}
interface Pdu {
  readonly command_status: number;
  response(): object;
}
interface Library {
  connect(options: { readonly url: string }, listener: () => void): Session;
}

const library = createRequire(import.meta.url)('smpp') as Library;
const [port = '', window = ''] = process.argv.slice(2);

const session = await new Promise<Session>((resolve) => {
  const opening: Session = library.connect({ url: `smpp://127.0.0.1:${port}` }, () => resolve(opening));
});
session.on('deliver_sm', (pdu) => session.send(pdu.response()));
await new Promise<void>((resolve, reject) => {
  session.bind_transceiver({ system_id: SYSTEM_ID, password: PASSWORD }, ({ command_status: status }) =>
    status === 0 ? resolve() : reject(new Error(`bind: ${status}`)),
  );
});

const submit = (index: number) =>
  new Promise<void>((resolve, reject) => {
    session.submit_sm(
      {
        source_addr: SENDER.slice(1),
        source_addr_ton: 1,
        source_addr_npi: 1,
        destination_addr: numberOf(index).slice(1),
        dest_addr_ton: 1,
        dest_addr_npi: 1,
        registered_delivery: 1,
        short_message: TEXT,
      },
      ({ command_status: status }) => (status === 0 ? resolve() : reject(new Error(`submit: ${status}`))),
    );
  });

async function sendAll(messages: number): Promise<number> {
  const start = performance.now();
  let next = 0;
  const sendNext = async () => {
    while (next < messages) await submit(next++);
  };
  await Promise.all(Array.from({ length: Number(window) }, sendNext));
  return (messages / (performance.now() - start)) * 1_000;
}

process.on('message', ({ messages }: { messages: number }) => {
  void sendAll(messages).then((rate) => process.send?.({ rate }));
});
