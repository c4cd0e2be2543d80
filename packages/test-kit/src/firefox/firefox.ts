import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../until.ts';
import { Marionette } from './marionette.ts';

export interface FirefoxOptions {
  /** The program, as `findFirefox` tells it. */
  readonly path: string;
  /** `http://127.0.0.1:4321`: the push service that it connects to instead of Mozilla's. */
  readonly pushService: string;
}

/** Of a broken browser only: a healthy one is there within seconds. */
const START_MS = 60_000;
const SCRIPT_MS = 30_000;
const QUIT_MS = 5_000;

/**
 * A real Firefox without a window, with a profile of its own that goes when it is closed. Pages may show
 * notifications without asking, and nothing is fetched from the internet by the browser itself.
 */
export class Firefox {
  readonly #process: ChildProcess;
  readonly #profile: string;
  readonly #marionette: Marionette;

  private constructor(process: ChildProcess, profile: string, marionette: Marionette) {
    this.#process = process;
    this.#profile = profile;
    this.#marionette = marionette;
  }

  static async start({ path, pushService }: FirefoxOptions): Promise<Firefox> {
    const profile = await mkdtemp(join(tmpdir(), 'carillon-firefox-'));
    await writeFile(join(profile, 'user.js'), preferencesFile(preferences(pushService)));
    // Scripts of ours may reach into the browser itself, where notifications are clicked.
    const flags = ['--headless', '--no-remote', '--marionette', '--remote-allow-system-access'];
    const child = spawn(path, [...flags, '--profile', profile], {
      // As root it refuses a home of somebody else.
      env: { ...process.env, HOME: profile, MOZ_CRASHREPORTER_DISABLE: '1' },
      stdio: ['ignore', 'ignore', 'ignore'],
    });
    const kill = () => void child.kill('SIGKILL');
    process.once('exit', kill);
    child.once('exit', () => process.off('exit', kill));
    try {
      const marionette = await connectTo(child, profile);
      await marionette.ask('WebDriver:NewSession', { capabilities: { alwaysMatch: {} } });
      await marionette.ask('WebDriver:SetTimeouts', { script: SCRIPT_MS, pageLoad: SCRIPT_MS });
      return new Firefox(child, profile, marionette);
    } catch (error) {
      await end(child, profile);
      throw error;
    }
  }

  /** Opens a page and waits until it is loaded. */
  async visit(url: string): Promise<void> {
    await this.#marionette.ask('WebDriver:Navigate', { url });
  }

  /** The body of a function, run in the page with `arguments`. What it returns is awaited, and must be JSON. */
  async run<Result>(script: string, args: readonly unknown[] = []): Promise<Result> {
    return this.#execute<Result>(script, args);
  }

  /** As `run`, in the browser itself: with `Services` and all windows. */
  async runInBrowser<Result>(script: string, args: readonly unknown[] = []): Promise<Result> {
    await this.#marionette.ask('Marionette:SetContext', { value: 'chrome' });
    try {
      return await this.#execute<Result>(script, args);
    } finally {
      await this.#marionette.ask('Marionette:SetContext', { value: 'content' });
    }
  }

  /** Clicks the notification with this title once it is shown, as a person does. */
  async clickNotification(title: string): Promise<void> {
    await until(`Firefox shows ${title}`, () => this.runInBrowser<boolean>(CLICK, [title]));
  }

  /** Ends the browser and removes its profile. */
  async close(): Promise<void> {
    const quitting = this.#marionette.ask('Marionette:Quit', { flags: ['eForceQuit'] });
    await quitting.catch(() => undefined);
    this.#marionette.close();
    await end(this.#process, this.#profile);
  }

  async #execute<Result>(script: string, args: readonly unknown[]): Promise<Result> {
    const parameters = { script, args, sandbox: null };
    const { value } = (await this.#marionette.ask('WebDriver:ExecuteScript', parameters)) as {
      value: Result;
    };
    return value;
  }
}

/** Without a notification service of the desktop, each notification is a window of the browser's own. */
const CLICK = `
  for (const window of Services.wm.getEnumerator('alert:alert')) {
    const shown = window.document.getElementById('alertTitleLabel')?.getAttribute('value');
    if (shown !== arguments[0]) continue;
    window.onAlertClick();
    return true;
  }
  return false;`;

function preferences(pushService: string): Readonly<Record<string, string | number | boolean>> {
  return {
    'marionette.port': 0,
    'dom.push.serverURL': pushService.replace(/^http/, 'ws'),
    'dom.push.testing.allowInsecureServerURL': true,
    // Automation switches it off.
    'dom.push.connection.enabled': true,
    // 1: granted.
    'permissions.default.desktop-notification': 1,
    'alerts.useSystemBackend': false,
    // It talks to nobody of its own accord.
    'app.normandy.enabled': false,
    'app.update.disabledForTesting': true,
    'browser.region.network.url': '',
    'browser.safebrowsing.downloads.remote.enabled': false,
    'browser.search.update': false,
    'datareporting.policy.dataSubmissionEnabled': false,
    'extensions.getAddons.cache.enabled': false,
    'extensions.systemAddon.update.enabled': false,
    'extensions.update.enabled': false,
    'network.captive-portal-service.enabled': false,
    'network.connectivity-service.enabled': false,
    'services.settings.server': 'data:,#remote-settings-dummy/v1',
    'toolkit.telemetry.enabled': false,
  };
}

function preferencesFile(values: ReturnType<typeof preferences>): string {
  return Object.entries(values)
    .map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`)
    .join('');
}

/** Firefox writes the port that it took into its profile. */
async function connectTo(child: ChildProcess, profile: string): Promise<Marionette> {
  let failed: Error | null = null;
  child.once('error', (error) => (failed = error));
  child.once('exit', (code) => (failed ??= new Error(`Firefox ended with ${code} before it was ready`)));
  const port = await until(
    'Firefox has started',
    async () => {
      if (failed !== null) throw failed;
      const text = await readFile(join(profile, 'MarionetteActivePort'), 'utf8').catch(() => '');
      return Number(text) || undefined;
    },
    START_MS,
  );
  return Marionette.connect(port);
}

async function end(child: ChildProcess, profile: string): Promise<void> {
  if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) {
    const gone = new Promise((resolve) => void child.once('exit', resolve));
    const impatience = setTimeout(() => child.kill('SIGKILL'), QUIT_MS);
    await gone;
    clearTimeout(impatience);
  }
  await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
