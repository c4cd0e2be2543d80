import { createTransport } from 'nodemailer';
import { filledIn } from './sample-content.ts';
import type { SampleContent } from './sample-content.ts';

/** Nodemailer alone, with as many connections, in a process of its own as the platform is. */
const [port = '', connections = ''] = process.argv.slice(2);
const PAGE = 500;

const transport = createTransport({
  pool: true,
  host: '127.0.0.1',
  port: Number(port),
  ignoreTLS: true,
  maxConnections: Number(connections),
  maxMessages: Number.POSITIVE_INFINITY,
});

async function sendAll(content: SampleContent, mails: number): Promise<number> {
  const start = performance.now();
  for (let sent = 0; sent < mails; sent += PAGE) {
    const page = Array.from({ length: Math.min(PAGE, mails - sent) }, (_, index) => {
      const number = sent + index;
      return transport.sendMail({
        from: { name: 'Tea & Kettle', address: 'hello@tea.example' },
        to: `user-${number}@example.com`,
        ...filledIn(content, `Person${number}`),
      });
    });
    await Promise.all(page);
  }
  return (mails / (performance.now() - start)) * 1_000;
}

process.on('message', ({ content, mails }: { content: SampleContent; mails: number }) => {
  void sendAll(content, mails).then((rate) => process.send?.({ rate }));
});
