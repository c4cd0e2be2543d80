import type { Clock } from '../../../platform/clock.ts';
import type { PortChoice, SandboxConfig } from '../../../platform/config/index.ts';
import type { TokenSigner } from '../../../platform/crypto/index.ts';
import type { Logger } from '../../../platform/log.ts';
import { startAdmReceiver } from './device-push/adm-receiver.ts';
import { startApnsReceiver } from './device-push/apns-receiver.ts';
import type { DevicePush } from './device-push/device-push.ts';
import { startFcmReceiver } from './device-push/fcm-receiver.ts';
import { startHuaweiReceiver } from './device-push/huawei-receiver.ts';
import { startSmtpReceiver } from './mail/smtp-receiver.ts';
import type { ArrivedMail } from './mail/smtp-receiver.ts';
import { startMailApisReceiver } from './mail-apis/mail-apis-receiver.ts';
import type { TakeSms } from './numbers/arrived-sms.ts';
import type { SandboxPlaces } from './places.ts';
import { startPushService } from './push-service/push-service.ts';
import type { ArrivedPush } from './push-service/take-push.ts';
import { startSmppReceiver } from './smpp/smpp-receiver.ts';
import type { SmppReceiver, SmppReceiverOptions } from './smpp/smpp-receiver.ts';
import { startSnsReceiver } from './sns/sns-receiver.ts';
import { startTwilioReceiver } from './twilio/twilio-receiver.ts';
import type { TwilioReceiver, TwilioReceiverOptions } from './twilio/twilio-receiver.ts';
import { SANDBOX_SIGNATURE_SECRET } from './vonage/sandbox-account.ts';
import { startVonageReceiver } from './vonage/vonage-receiver.ts';
import type { VonageReceiver, VonageReceiverOptions } from './vonage/vonage-receiver.ts';

/** Takes in what each receiver is sent. Whoever has sent it is told "not now" when it rejects. */
export interface Takers {
  readonly mail: (mail: ArrivedMail) => Promise<void>;
  readonly devicePush: (push: DevicePush) => Promise<void>;
  readonly browserPush: (push: ArrivedPush) => Promise<void>;
  readonly sms: TakeSms;
}

export interface ReceiversOptions {
  readonly clock: Clock;
  readonly log: Logger;
  /** Endpoints of the push service are signed with it. */
  readonly signer: TokenSigner;
  readonly host: string;
  readonly ports: SandboxConfig;
  readonly take: Takers;
  /** Whether the app is no more where a token or an endpoint leads. */
  readonly isGone: (token: string) => Promise<boolean>;
  readonly twilio: Pick<TwilioReceiverOptions, 'authTokenOf' | 'inboundUrl'>;
  readonly vonage: Pick<VonageReceiverOptions, 'inboundUrl'>;
  readonly smpp: Pick<SmppReceiverOptions, 'passwordOf'>;
  /** How long after a message's arrival its fate is reported, in milliseconds. */
  readonly reportAfterMs: number;
}

/** The receivers of a sandbox, listening. */
export interface Receivers {
  readonly places: SandboxPlaces;
  readonly twilio: TwilioReceiver;
  readonly vonage: VonageReceiver;
  readonly smpp: SmppReceiver;
  close(): Promise<void>;
}

/** Starts them all, or none: rejects when a port that was chosen is taken. */
export async function startReceivers(options: ReceiversOptions): Promise<Receivers> {
  const { clock, log, signer, host, ports, take, isGone, reportAfterMs } = options;
  const started: { close(): Promise<void> }[] = [];
  const close = async () => {
    for (const receiver of started.toReversed()) await receiver.close();
  };
  async function start<Receiver extends { close(): Promise<void> }>(
    what: string,
    { port, isFixed }: PortChoice,
    startAt: (port: number) => Promise<Receiver>,
  ): Promise<Receiver> {
    const receiver = await startAt(port).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EADDRINUSE' || isFixed) throw error;
      log.info({ port }, `${what} of the sandbox takes a free port: its usual one is taken`);
      return startAt(0);
    });
    started.push(receiver);
    return receiver;
  }
  const common = { clock, host };
  try {
    const smtp = await start('the mail server', ports.smtp, (port) =>
      startSmtpReceiver({ ...common, port, keepsBodies: true, take: take.mail }),
    );
    const apns = await start('APNs', ports.apns, (port) =>
      startApnsReceiver({ ...common, port, take: take.devicePush, isGone }),
    );
    const fcm = await start('FCM', ports.fcm, (port) =>
      startFcmReceiver({ ...common, port, take: take.devicePush, isGone }),
    );
    const webPush = await start('the push service', ports.webPush, (port) =>
      startPushService({ ...common, port, signer, take: take.browserPush, isGone }),
    );
    const huawei = await start('Huawei Push Kit', ports.huawei, (port) =>
      startHuaweiReceiver({ ...common, port, take: take.devicePush, isGone }),
    );
    const adm = await start('Amazon Device Messaging', ports.adm, (port) =>
      startAdmReceiver({ ...common, port, take: take.devicePush, isGone }),
    );
    const twilio = await start('Twilio', ports.twilio, (port) =>
      startTwilioReceiver({ ...common, ...options.twilio, port, take: take.sms, reportAfterMs }),
    );
    const mailApis = await start('the APIs of mail providers', ports.mailApis, (port) =>
      startMailApisReceiver({ ...common, port, take: take.mail }),
    );
    // Whatever key signs is taken: nobody has told the sandbox which is the account's.
    const vonage = await start('Vonage', ports.vonage, (port) =>
      startVonageReceiver({
        ...common,
        ...options.vonage,
        port,
        publicKeyOf: () => null,
        signatureSecret: SANDBOX_SIGNATURE_SECRET,
        take: take.sms,
        reportAfterMs,
      }),
    );
    const sns = await start('SNS', ports.sns, (port) =>
      startSnsReceiver({ ...common, port, secretOf: () => null, take: take.sms }),
    );
    const smpp = await start('the SMSC', ports.smpp, (port) =>
      startSmppReceiver({ ...common, ...options.smpp, port, take: take.sms, reportAfterMs }),
    );
    const places = {
      host,
      smtpPort: smtp.port,
      apnsOrigin: `http://${host}:${apns.port}`,
      fcmOrigin: `http://${host}:${fcm.port}`,
      webPushOrigin: webPush.origin,
      huaweiOrigin: `http://${host}:${huawei.port}`,
      admOrigin: `http://${host}:${adm.port}`,
      twilioOrigin: twilio.baseUrl,
      vonageOrigin: vonage.baseUrl,
      snsOrigin: sns.baseUrl,
      mailApisOrigin: mailApis.origin,
      smppPort: smpp.port,
    };
    return { places, twilio, vonage, smpp, close };
  } catch (error) {
    await close();
    throw error;
  }
}
