import { createTransport } from 'nodemailer';
import type { Clock } from '../../../../platform/clock.ts';
import type { TokenSigner } from '../../../../platform/crypto/index.ts';
import { readBounceAddress } from '../../email/bounces/bounce-address.ts';
import type { KeptMessage, MessageBox } from '../inbox/message-box.ts';
import type { MailNews, TellMailNews } from './mail-news.ts';
import { writeComplaint, writeNonDelivery } from './write-report.ts';

/** Where the mail of bounce domains goes, as their MX record would say. */
export interface BouncePlace {
  readonly host: string;
  readonly port: number;
}

export interface ReturnMailOptions {
  readonly box: Pick<MessageBox, 'raws'>;
  readonly clock: Clock;
  /** Whether a mail with this envelope sender is returned. */
  readonly isReturned: (sender: string) => boolean;
  /** Null: nobody takes what is returned, and everything is told as the others are. */
  readonly bouncePlace: () => BouncePlace | null;
  /** Tells the others. */
  readonly tell: TellMailNews;
}

/** Tells of bounces and complaints as mail servers do: by a mail to the envelope sender, some time after they took it. */
export function createReturnMail({
  box,
  isReturned,
  bouncePlace,
  tell,
  clock,
}: ReturnMailOptions): TellMailNews {
  return async (news) => {
    const place = bouncePlace();
    const isByMail = ({ kind, message }: MailNews) =>
      place !== null && kind !== 'delivered' && isReturned(message.sender);
    const byMail = news.filter(isByMail);
    const others = news.filter((one) => !isByMail(one));
    const isTold = others.length === 0 || (await tell(others));
    if (place === null || byMail.length === 0) return isTold;
    const raws = await box.raws(byMail.map(({ message }) => message.id));
    const transport = createTransport({ ...place, ignoreTLS: true, name: 'sandbox.carillon.example' });
    try {
      for (const one of byMail) {
        await transport.sendMail({
          envelope: { from: '', to: [one.message.sender] },
          raw: reportOf(one, raws.get(one.message.id) ?? Buffer.alloc(0), clock.now()),
        });
      }
    } finally {
      transport.close();
    }
    return isTold;
  };
}

/** A mail of this platform, whose account has a domain for bounces. */
export function isBounceAddress(signer: TokenSigner, clock: Clock): (sender: string) => boolean {
  return (sender) => readBounceAddress(signer, sender, clock.now()) !== null;
}

function reportOf({ kind, message, reason }: MailNews, raw: Buffer, now: number): string {
  const mail: Pick<KeptMessage, 'sender' | 'recipient'> = message;
  return kind === 'complained'
    ? writeComplaint(mail, raw, now)
    : writeNonDelivery(mail, { raw, reason: reason ?? '', now });
}
