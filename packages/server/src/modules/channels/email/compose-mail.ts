import type { Clock } from '../../../platform/clock.ts';
import type { TokenSigner } from '../../../platform/crypto/index.ts';
import type { Envelope } from '../channel.ts';
import type { DeliveryReference } from '../delivery-reference.ts';
import type { Tracker } from '../tracking/tracker.ts';
import { putUnsubscribeUrl, unsubscribeHeaders } from '../tracking/unsubscribe-links.ts';
import type { UnsubscribeLinks } from '../tracking/unsubscribe-links.ts';
import { bounceAddressOf } from './bounces/bounce-address.ts';
import type { Mail } from './mail.ts';
import { copyIdOf, messageIdOf } from './message-id.ts';
import { hidePreheader } from './preheader.ts';
import type { RenderedEmail } from './rendered-email.ts';
import type { SenderSettings } from './sender-settings.ts';

export interface MailComposerOptions {
  readonly clock: Clock;
  /** Signs Message-IDs and bounce addresses. */
  readonly signer: TokenSigner;
  /** What stands behind the @ of every Message-ID. Changing it changes the idempotency key of what is under way. */
  readonly messageIdDomain: string;
  readonly tracker: Tracker;
  readonly unsubscribeLinks: UnsubscribeLinks;
}

/** What stands in a copy where a link or a token would end the mails to its recipient. */
const NO_WAY_OUT = '#';
const NO_TOKEN = 'copy';

/** Makes the mail of an envelope, and its copies. */
export class MailComposer {
  readonly #options: MailComposerOptions;

  constructor(options: MailComposerOptions) {
    this.#options = options;
  }

  compose(sender: SenderSettings, envelope: Envelope<RenderedEmail>): Mail {
    const { clock, signer, messageIdDomain, tracker } = this.#options;
    const { content } = envelope;
    const reference = referenceOf(envelope);
    const { html, text, headers } = this.#withWayOut(content, reference);
    const { preheader, trackClicks, trackOpens, linkTags } = content;
    const tracked = tracker.track(reference, { html, trackClicks, trackOpens, linkTags });
    const messageId = messageIdOf(signer, reference, messageIdDomain);
    const { bounceDomain = null } = sender;
    return {
      ...this.#mailOf(sender, envelope),
      messageId,
      returnPath:
        bounceDomain === null ? null : bounceAddressOf(signer, reference, bounceDomain, clock.now()),
      html: hidePreheader(tracked, preheader),
      text: text === null ? null : tracker.tagText(text, linkTags),
      headers,
    };
  }

  /**
   * The mail once more for each address that gets a copy. Whoever reads a copy is not its recipient: nothing
   * in it counts as theirs, and nothing in it ends their mails.
   */
  composeCopies(sender: SenderSettings, envelope: Envelope<RenderedEmail>): Mail[] {
    const { signer, messageIdDomain, unsubscribeLinks } = this.#options;
    const { html, text, preheader, headers, unsubscribeFrom: appId, copies } = envelope.content;
    const reference = referenceOf(envelope);
    const token = appId === null ? null : unsubscribeLinks.token({ appId, reference });
    const withoutWayOut = (said: string): string => {
      const unlinked = putUnsubscribeUrl(said, NO_WAY_OUT);
      return token === null ? unlinked : unlinked.replaceAll(token, NO_TOKEN);
    };
    const copy: Mail = {
      ...this.#mailOf(sender, envelope),
      messageId: copyIdOf(signer, reference, messageIdDomain),
      // What becomes of a copy is not what became of the delivery.
      returnPath: null,
      html: hidePreheader(withoutWayOut(html), preheader),
      text: text === null ? null : withoutWayOut(text),
      headers,
    };
    return copies.map((recipient) => ({ ...copy, recipient }));
  }

  /** What a mail and its copies share. */
  #mailOf(
    sender: SenderSettings,
    { content, recipient }: Envelope<RenderedEmail>,
  ): Omit<Mail, 'messageId' | 'returnPath' | 'html' | 'text' | 'headers'> {
    const { fromName, fromAddress, senderDomain, replyTo, subject, attachments } = content;
    const address = fromAddress ?? sender.fromAddress;
    return {
      from: {
        name: fromName ?? sender.fromName,
        address: senderDomain === null ? address : atDomain(address, senderDomain),
      },
      to: recipient.token,
      recipient: recipient.token,
      replyTo,
      subject,
      attachments,
      date: this.#options.clock.now(),
    };
  }

  /** The mail with its link to unsubscribe, in what it says and in its headers. */
  #withWayOut(
    { html, text, headers, unsubscribeFrom: appId, inviteUnsubscribe }: RenderedEmail,
    reference: DeliveryReference,
  ): Pick<RenderedEmail, 'html' | 'text' | 'headers'> {
    if (appId === null) return { html, text, headers };
    const url = this.#options.unsubscribeLinks.url({ appId, reference });
    return {
      html: putUnsubscribeUrl(html, url),
      text: text === null ? null : putUnsubscribeUrl(text, url),
      headers: inviteUnsubscribe ? { ...headers, ...unsubscribeHeaders(url) } : headers,
    };
  }
}

function atDomain(address: string, domain: string): string {
  return `${address.slice(0, address.lastIndexOf('@'))}@${domain}`;
}

function referenceOf({ lane, messageId, recipient }: Envelope<RenderedEmail>): DeliveryReference {
  return { lane, messageId, subscriptionId: recipient.subscriptionId };
}
