import { mailgunKind } from './email/mailgun/mailgun-kind.ts';
import { postmarkKind } from './email/postmark/postmark-kind.ts';
import { resendKind } from './email/resend/resend-kind.ts';
import { sendGridKind } from './email/sendgrid/sendgrid-kind.ts';
import { sesKind } from './email/ses/ses-kind.ts';
import { smtpKind } from './email/smtp/smtp-kind.ts';
import { nullKind } from './provider-accounts/null-kind.ts';
import { admKind } from './push/adm/adm-kind.ts';
import { apnsCertificateKind } from './push/apns/apns-certificate-kind.ts';
import { apnsKind } from './push/apns/apns-kind.ts';
import { fcmKind } from './push/fcm/fcm-kind.ts';
import { huaweiKind } from './push/huawei/huawei-kind.ts';
import { webPushKind } from './push/web-push/web-push-kind.ts';
import { smppKind } from './sms/smpp/smpp-account.ts';
import { snsKind } from './sms/sns/sns-account.ts';
import { twilioKind } from './sms/twilio/twilio-account.ts';
import { vonageKind } from './sms/vonage/vonage-account.ts';
import type { AnyProviderKind } from './provider-accounts/provider-kind.ts';
import { TRANSPORTS } from './transport.ts';

/** Every kind of provider that an app can send through. */
export const KINDS: readonly AnyProviderKind[] = [
  smtpKind,
  sendGridKind,
  sesKind,
  mailgunKind,
  postmarkKind,
  resendKind,
  webPushKind,
  apnsKind,
  apnsCertificateKind,
  fcmKind,
  huaweiKind,
  admKind,
  twilioKind,
  vonageKind,
  snsKind,
  smppKind,
  ...TRANSPORTS.map(nullKind),
];
