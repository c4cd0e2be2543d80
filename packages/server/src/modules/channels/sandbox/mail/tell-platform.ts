import type { Clock } from '../../../../platform/clock.ts';
import type { TokenSigner } from '../../../../platform/crypto/index.ts';
import { newId } from '../../../../platform/ids.ts';
import { reportSecret } from '../../provider-events/email-events.ts';
import type { EmailEvents } from '../../provider-events/email-events.ts';
import { signWebhook } from '../../provider-events/signed-webhook.ts';
import type { MailNews, TellMailNews } from './mail-news.ts';

export interface TellPlatformOptions {
  readonly clock: Clock;
  readonly signer: TokenSigner;
  readonly platformUrl: () => string;
}

const ANSWER_MS = 10_000;

/** Tells of mails that came over SMTP: to `POST /channels/email/events`, as any mail provider may. */
export function createTellPlatform({ clock, signer, platformUrl }: TellPlatformOptions): TellMailNews {
  const secret = reportSecret(signer);
  return async (news) => {
    const body = JSON.stringify({ events: news.map(eventOf) });
    const response = await fetch(`${platformUrl()}/channels/email/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...signWebhook(secret, newId(), clock.now(), body) },
      body,
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    await response.arrayBuffer();
    return response.ok;
  };
}

function eventOf({ message, kind, at, reason }: MailNews): EmailEvents[number] {
  const event = { type: kind, message_id: message.provider_id, at: new Date(at).toISOString() };
  return reason === null ? event : { ...event, reason };
}
