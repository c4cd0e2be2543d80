import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** As `npm start` runs it: built. `npm run chaos` builds it first. */
const PROGRAM = fileURLToPath(new URL('../../../packages/server/dist/main.js', import.meta.url));

/** A kill comes after this time also when nothing is acknowledged. */
const LONGEST_WAIT_MS = 3_000;

interface Api {
  readonly child: ChildProcess;
  readonly url: string;
}

/** The app that the first process of a database makes. */
export interface Account {
  readonly appId: string;
  readonly appKey: string;
}

/** The same, with what opens its organization. */
export interface OwnAccount extends Account {
  readonly organizationKey: string;
}

/** Processes that answer the API and are killed at random moments; each is started again at once. */
export class ApiFleet {
  readonly #env: NodeJS.ProcessEnv;
  readonly #all = new Set<ChildProcess>();
  #living: Api[] = [];
  readonly #restarts: Promise<unknown>[] = [];
  kills = 0;

  constructor(env: NodeJS.ProcessEnv) {
    this.#env = env;
  }

  /** Starts one more, and says what it tells of itself. Only the first of a database tells an account. */
  async add(): Promise<Partial<OwnAccount>> {
    const child = spawn(process.execPath, [PROGRAM, 'start'], {
      env: { ...process.env, ...this.#env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#all.add(child);
    child.once('exit', () => this.#all.delete(child));
    const said = new Map<string, string>();
    let announced = false;
    for await (const line of createInterface(child.stdout)) {
      if (line === 'Carillon is running.') announced = true;
      const [, name, value] = /^ {2}(API|App id|API key|Organization key) +(\S+)$/.exec(line) ?? [];
      if (name !== undefined && value !== undefined) said.set(name, value);
      // The announcement ends with an empty line.
      if (announced && line === '' && said.has('API')) break;
    }
    child.stdout.resume();
    const url = said.get('API');
    if (url === undefined) throw new Error('a process did not start: see above');
    this.#living.push({ child, url });
    const [appId, appKey] = [said.get('App id'), said.get('API key')];
    const organizationKey = said.get('Organization key');
    return {
      ...(appId !== undefined && { appId }),
      ...(appKey !== undefined && { appKey }),
      ...(organizationKey !== undefined && { organizationKey }),
    };
  }

  /** The address of one that lives, as far as is known. */
  async anyone(): Promise<string> {
    for (;;) {
      const one = this.#living[Math.floor(Math.random() * this.#living.length)];
      if (one !== undefined) return one.url;
      await pause(5);
    }
  }

  /**
   * Kills `kills` processes. Between two kills some writes are acknowledged, up to twice `every` of them at
   * random, so that the kills are spread over the work however fast it is.
   */
  async attack(kills: number, every: number, acknowledged: () => number): Promise<void> {
    while (this.kills < kills) {
      const next = acknowledged() + Math.random() * 2 * every;
      const latest = Date.now() + LONGEST_WAIT_MS;
      while (acknowledged() < next && Date.now() < latest) await pause(1 + Math.random() * 10);
      const [victim] = this.#living.splice(Math.floor(Math.random() * this.#living.length), 1);
      if (victim === undefined) continue;
      this.kills += 1;
      const gone = once(victim.child, 'exit');
      victim.child.kill('SIGKILL');
      await gone;
      this.#restarts.push(this.add());
    }
    await Promise.all(this.#restarts);
  }

  async end(): Promise<void> {
    this.#living = [];
    await Promise.allSettled(this.#restarts);
    const children = [...this.#all];
    const gone = children.map((child) => once(child, 'exit'));
    for (const child of children) child.kill('SIGKILL');
    await Promise.all(gone);
  }
}
