import { createServer } from 'node:http';
import { connect } from 'node:http2';
import pg from 'pg';
import { post } from '../device-push/bare-client.ts';

/**
 * What an API that sends pushes is at the least: it takes the call, makes one row durable, answers, and posts to
 * the push service. No users, no templates, no ledger. A process of its own, as the platform is.
 */
interface Settings {
  readonly databaseUrl: string;
  readonly origin: string;
  readonly accessToken: string;
}

/** What `pushCalls` sends, as far as it matters here. */
interface Call {
  readonly token: string;
  readonly headings: { readonly en: string };
  readonly contents: { readonly en: string };
}

const { databaseUrl, origin, accessToken } = JSON.parse(process.argv[2] ?? '') as Settings;
const pool = new pg.Pool({ connectionString: databaseUrl, max: 20 });
const session = connect(origin);
const insert = { name: 'bench.bare-push', text: 'insert into bare_push (call) values ($1)' };
const headers = { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' };

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const text = Buffer.concat(chunks).toString();
    const { token, headings, contents } = JSON.parse(text) as Call;
    void pool.query({ ...insert, values: [text] }).then(() => {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"id":"1"}');
      const notification = { title: headings.en, body: contents.en };
      const body = JSON.stringify({ message: { token, notification } });
      return post(session, { path: '/v1/projects/bench/messages:send', headers, body });
    });
  });
});
server.listen(0, '127.0.0.1', () => process.send?.(server.address()));
