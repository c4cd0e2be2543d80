import { createHash } from 'node:crypto';
import { stat, unlink } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import type { Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Another living process owns the folder. `pid` is null when it did not say. */
export interface Refused {
  readonly kind: 'refused';
  readonly pid: number | null;
}

export interface OwnerLock {
  readonly kind: 'held';
  release(): Promise<void>;
}

const ANSWER_MS = 1000;

/**
 * Takes the one lock of `folder`, which must exist. The lock is a listening socket: the kernel closes
 * it with the process, however that dies, which a file with a process id cannot promise. It also
 * answers with its owner's process id.
 */
export async function takeOwnerLock(folder: string): Promise<OwnerLock | Refused> {
  const address = await addressOf(folder);
  for (;;) {
    const server = await listen(address);
    if (server) return { kind: 'held', release: () => close(server) };
    const owner = await askOwner(address);
    if (owner.kind === 'refused') return owner;
    if (!isAbstract(address)) await unlink(address).catch(() => undefined);
  }
}

/**
 * By device and inode, so that every path to the folder is the same lock. Linux has names for sockets
 * that are no files and are taken atomically. Elsewhere a file is left behind by a killed owner; two
 * starts at the same instant could then both remove it, and PostgreSQL's own lock file decides.
 */
async function addressOf(folder: string): Promise<string> {
  const { dev, ino } = await stat(folder, { bigint: true });
  const key = createHash('sha256').update(`${dev}:${ino}`).digest('hex').slice(0, 24);
  const name = `carillon-owner-${key}`;
  return process.platform === 'linux' ? `\0${name}` : join(tmpdir(), name);
}

function isAbstract(address: string): boolean {
  return address.startsWith('\0');
}

function listen(address: string): Promise<Server | null> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.end(String(process.pid));
    });
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(null) : reject(error),
    );
    server.listen(address, () => resolve(server.unref()));
  });
}

/** An owner that is stopped or busy does not answer, and is an owner all the same. */
function askOwner(address: string): Promise<Refused | { readonly kind: 'gone' }> {
  return new Promise((resolve) => {
    let answer = '';
    const refused = () => resolve({ kind: 'refused', pid: answer === '' ? null : Number(answer) });
    const socket = connect(address)
      .setEncoding('utf8')
      .setTimeout(ANSWER_MS, () => socket.destroy())
      .on('data', (text: string) => (answer += text))
      .on('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'ECONNREFUSED' || error.code === 'ENOENT') resolve({ kind: 'gone' });
      })
      .on('close', refused);
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
