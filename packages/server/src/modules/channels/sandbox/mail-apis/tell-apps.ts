import type { Clock } from '../../../../platform/clock.ts';
import { inGroups } from '../../../../platform/in-groups.ts';
import type { MessageBox } from '../inbox/message-box.ts';
import type { MailNews, TellMailNews } from '../mail/mail-news.ts';
import type { PlatformOfSandbox } from '../platform-of-sandbox.ts';
import type { Webhook } from './mail-provider.ts';
import { mailProviderOf } from './providers.ts';

export interface TellAppsOptions {
  readonly box: MessageBox;
  readonly clock: Clock;
  readonly platform: PlatformOfSandbox;
  /** Where the APIs of the providers are. */
  readonly origin: () => string;
  /** Tells of mails that came over SMTP. */
  readonly tellPlatform: TellMailNews;
}

const ANSWER_MS = 10_000;

/** Tells of mails as the provider does that each came through: to the address that its app has for its webhooks. */
export function createTellApps(options: TellAppsOptions): TellMailNews {
  const { box, clock, platform, tellPlatform } = options;

  async function tellThrough(provider: string, news: readonly MailNews[]): Promise<boolean> {
    const [raws, apps] = await Promise.all([
      box.raws(news.map(({ message }) => message.id)),
      Promise.all(news.map(({ message }) => platform.appOfMessage(message.message_id ?? ''))),
    ]);
    const told = news.map((one, index) => ({ one, appId: apps[index] ?? null }));
    const taken = await inGroups(
      told,
      ({ appId }) => appId,
      async (appId, ofApp) => {
        // Its message was deleted meanwhile: nobody is left to be told.
        if (appId === null) return ofApp.map(() => true);
        const mails = ofApp.flatMap(({ one }) => {
          const raw = raws.get(one.message.id);
          return raw === undefined ? [] : [{ news: one, raw }];
        });
        const webhooks =
          mailProviderOf(provider)?.tell(mails, clock.now(), `${options.origin()}/${provider}`) ?? [];
        const url = `${platform.url()}/apps/${appId}/channels/email/${provider}/events`;
        const answers = await Promise.all(webhooks.map((webhook) => post(url, webhook)));
        return ofApp.map(() => answers.every(Boolean));
      },
    );
    return taken.every(Boolean);
  }

  return async (news) => {
    const taken = await inGroups(
      news,
      ({ message }) => message.account,
      async (account, some) => {
        const isTaken = await (account === '' ? tellPlatform(some) : tellThrough(account, some));
        return some.map(() => isTaken);
      },
    );
    return taken.every(Boolean);
  };
}

async function post(url: string, { headers, body }: Webhook): Promise<boolean> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
    signal: AbortSignal.timeout(ANSWER_MS),
  });
  await response.arrayBuffer();
  return response.ok;
}
