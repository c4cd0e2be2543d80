import type { Clock } from '../../../../platform/clock.ts';
import { ApiError } from '../../../../platform/http/api-error.ts';
import { applicationOfAccount } from '../vonage/sandbox-account.ts';
import { complaintOf } from '../mail/mail-news.ts';
import type { TellMailNews } from '../mail/mail-news.ts';
import type { PlatformOfSandbox } from '../platform-of-sandbox.ts';
import type { Receivers } from '../receivers.ts';
import type { KeptMessage, MessageBox } from './message-box.ts';

export interface PersonActionsOptions extends Pick<Receivers, 'twilio' | 'vonage' | 'smpp'> {
  readonly box: MessageBox;
  readonly clock: Clock;
  readonly platform: PlatformOfSandbox | null;
  /** Tells the platform of mails; null without one. */
  readonly tellMailNews: TellMailNews | null;
  /** Called when other devices than before have been given up. */
  readonly onUninstall: () => void;
}

/** What the person at the other end can do about a message. */
export type PersonAction = 'show' | 'click' | 'uninstall' | 'reply' | 'complain';

const ANSWER_MS = 10_000;
const ACCOUNT_SID = /^AC[\da-f]{32}$/i;
/** Access keys of users, and those that hold for a while. */
const AWS_KEY = /^A[KS]IA[A-Z\d]{12,}$/;

/** Does what a person, their device or their browser does with a message, over the ways that those have. */
export class PersonActions {
  readonly #options: PersonActionsOptions;

  constructor(options: PersonActionsOptions) {
    this.#options = options;
  }

  /** What can be done with a message. A mail is opened and its links are followed, as in a mailbox. */
  of({ channel, message_id, subscription_id, uninstalled_at }: KeptMessage): PersonAction[] {
    switch (channel) {
      case 'email':
        return this.#options.tellMailNews !== null && message_id !== null ? ['complain'] : [];
      case 'sms':
        return ['reply'];
      case 'ios_push':
      case 'android_push':
      case 'huawei_push':
      case 'amazon_push':
      case 'web_push': {
        const isOurs = this.#options.platform !== null && message_id !== null && subscription_id !== null;
        const told: PersonAction[] = isOurs ? ['show', 'click'] : [];
        return uninstalled_at === null ? [...told, 'uninstall'] : told;
      }
    }
  }

  /** The device tells that it has shown a push. Throws ApiError. */
  async show(message: KeptMessage): Promise<void> {
    this.#check(message, 'show');
    await this.#report(message, '/report_received', {});
  }

  /** The person taps or clicks a push. Throws ApiError. */
  async click(message: KeptMessage): Promise<void> {
    this.#check(message, 'click');
    await this.#report(message, '', { opened: true });
  }

  /** The app goes from the device, or the browser gives its subscription up. Throws ApiError. */
  async uninstall(message: KeptMessage): Promise<void> {
    this.#check(message, 'uninstall');
    await this.#options.box.markUninstalled(message.id, this.#options.clock.now());
    this.#options.onUninstall();
  }

  /** The person reports a mail as spam. Throws ApiError. */
  async complain(message: KeptMessage): Promise<void> {
    this.#check(message, 'complain');
    const { clock, tellMailNews } = this.#options;
    const isTaken = await tellMailNews?.([complaintOf(message, clock.now())]);
    if (isTaken !== true) throw refused(message, 'the server did not take the report');
  }

  /** The box was emptied: nobody has given anything up. */
  forget(): void {
    this.#options.onUninstall();
  }

  /** The person texts back. What is answered arrives as any message does. Throws ApiError. */
  async reply(message: KeptMessage, text: string): Promise<void> {
    this.#check(message, 'reply');
    const { twilio, vonage, smpp } = this.#options;
    const { account, recipient, sender } = message;
    if (ACCOUNT_SID.test(account)) {
      const twiml = await twilio.text(account, recipient, sender, text);
      if (twiml === null) throw refused(message, 'nobody takes what is texted to this account');
      return;
    }
    const applicationId = applicationOfAccount(account);
    if (applicationId !== null) {
      if (await vonage.text(applicationId, recipient, sender, text)) return;
      throw refused(message, 'nobody takes what is texted to this application');
    }
    if (AWS_KEY.test(account)) throw refused(message, 'nobody takes what is texted to SNS');
    const status = await smpp.text(account, recipient, sender, text);
    if (status === null) throw refused(message, `no session of ${account} is bound that takes texts`);
    if (status !== 0) throw refused(message, `the session of ${account} answered 0x${status.toString(16)}`);
  }

  #check(message: KeptMessage, action: PersonAction): void {
    if (this.of(message).includes(action)) return;
    const { channel, uninstalled_at } = message;
    const isGone = action === 'uninstall' && uninstalled_at !== null;
    const isForeign = channel !== 'email' && channel !== 'sms' && action !== 'reply';
    if (isGone) throw refused(message, 'the app is not there any more');
    if (isForeign) throw refused(message, 'no delivery of this server is known that it would be');
    throw refused(message, `nobody can ${action} a message of ${channel}`);
  }

  async #report({ id, message_id, subscription_id }: KeptMessage, path: string, said: object): Promise<void> {
    const { platform } = this.#options;
    const appId = message_id === null ? null : await platform?.appOfMessage(message_id);
    if (platform === null || typeof appId !== 'string') {
      throw refused({ id }, 'the message has been deleted from this server');
    }
    const response = await fetch(`${platform.url()}/notifications/${message_id}${path}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ app_id: appId, player_id: subscription_id, ...said }),
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    const answer = await response.text();
    if (!response.ok) throw refused({ id }, `the server answered ${response.status} ${answer}`);
  }
}

function refused({ id }: Pick<KeptMessage, 'id'>, reason: string): ApiError {
  return new ApiError('sandbox-action-refused', { params: { id: String(id), reason } });
}
