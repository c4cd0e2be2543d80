export type {
  Addressee,
  AppProvider,
  Channel,
  ChannelAccount,
  Envelope,
  Outcome,
  ProviderAccount,
} from './channel.ts';
export { pushTransportOf } from './transport.ts';
export type { PushTransport, Transport } from './transport.ts';
export type { RenderedPush } from './push/rendered-push.ts';
export type { RenderedSms } from './sms/rendered-sms.ts';
export { Channels } from './channels.ts';
export { channelJobs } from './jobs.ts';
export type { ChannelRoutesOptions, ChannelsOptions } from './channels.ts';
export type {
  DeliveryEvent,
  DeliveryEventKind,
  DeliveryHistoryEntry,
  ReadDeliveryHistory,
  RecordDeliveryEvents,
} from './delivery-event.ts';
export type { DeliveryReference } from './delivery-reference.ts';
export { acceptPost } from './endpoints/accept-post.ts';
export { maskUrl, readEndpointUrl } from './endpoints/endpoint-url.ts';
export { makeWebhookSecret, readWebhookSecret, secretBytes } from './endpoints/webhook-secret.ts';
export { signWebhook } from './provider-events/signed-webhook.ts';
export { readRetryAfter } from './retry-after.ts';
export { EndpointPoster } from './endpoints/endpoint-poster.ts';
export { Endpoints } from './endpoints/endpoints.ts';
export { eraseEndpointPosts, haltEndpointPosts } from './endpoints/post-store.ts';
export { postRoutes } from './endpoints/post-routes.ts';
export { endpointRoutes } from './endpoints/routes.ts';
export type { EmailSettings, NullSettings } from './email/email-account.ts';
export type { SmtpSettings } from './email/smtp/smtp-account.ts';
export { EmailChannel } from './email/email-channel.ts';
export type { EmailChannelOptions } from './email/email-channel.ts';
export { startBounceServer } from './email/bounces/bounce-server.ts';
export type { BounceServer, BounceServerOptions } from './email/bounces/bounce-server.ts';
export { readMessageId } from './email/message-id.ts';
export type { RenderedEmail } from './email/rendered-email.ts';
export { writeAttachment } from './email/write-attachment.ts';
export type { FileOfMail, WrittenFile } from './email/write-attachment.ts';
export { textFromHtml } from './email/text-from-html.ts';
export { PushComposer } from './push/web-push/compose-request.ts';
export { makeVapidKeys, vapidKeysOf } from './push/web-push/vapid-keys.ts';
export type { VapidKeys } from './push/web-push/vapid-keys.ts';
export { VapidTokens } from './push/web-push/vapid-tokens.ts';
export { WebPushChannel } from './push/web-push/web-push-channel.ts';
export type { WebPushChannelOptions } from './push/web-push/web-push-channel.ts';
export { webPushKind } from './push/web-push/web-push-kind.ts';
export type { WebPushSettings } from './push/web-push/web-push-settings.ts';
export { startCountingReceiver } from './sandbox/mail/count-arrivals.ts';
export type { CountingReceiver } from './sandbox/mail/count-arrivals.ts';
export { SANDBOX_MAIL_KINDS, sandboxMailAccount } from './sandbox/mail-apis/sandbox-accounts.ts';
export { sandboxData } from './sandbox/inbox/personal-data-store.ts';
export { startPushService } from './sandbox/push-service/push-service.ts';
export type {
  PushService,
  PushServiceOptions,
  PushSubscriptionJson,
} from './sandbox/push-service/push-service.ts';
export type { ScriptedPushFault } from './sandbox/push-service/scripted-push-fault.ts';
export type { ArrivedPush } from './sandbox/push-service/take-push.ts';
export { Sandbox } from './sandbox/sandbox.ts';
export type { SandboxOptions } from './sandbox/sandbox.ts';
export type { SandboxPlaces } from './sandbox/places.ts';
export type { NamedPush, PlatformOfSandbox } from './sandbox/platform-of-sandbox.ts';
export { routesOfSandbox } from './sandbox/all-routes.ts';
export { startSandboxAlone } from './sandbox/start-sandbox-alone.ts';
export { startSandboxOfPlatform } from './sandbox/start-sandbox-of-platform.ts';
export type { PlatformSandboxOptions } from './sandbox/start-sandbox-of-platform.ts';
export { typesOfPushTransport } from './transport.ts';
export { startSmtpReceiver } from './sandbox/mail/smtp-receiver.ts';
export type { ArrivedMail, SmtpReceiver, SmtpReceiverOptions } from './sandbox/mail/smtp-receiver.ts';
export type { ArrivedSms } from './sandbox/numbers/arrived-sms.ts';
export { startTwilioReceiver } from './sandbox/twilio/twilio-receiver.ts';
export type { TwilioReceiver } from './sandbox/twilio/twilio-receiver.ts';
export { startSnsReceiver } from './sandbox/sns/sns-receiver.ts';
export type { SnsReceiver } from './sandbox/sns/sns-receiver.ts';
export { startVonageReceiver } from './sandbox/vonage/vonage-receiver.ts';
export type { VonageReceiver } from './sandbox/vonage/vonage-receiver.ts';
export { startSmppReceiver } from './sandbox/smpp/smpp-receiver.ts';
export type { SmppReceiver, SmppReceiverOptions } from './sandbox/smpp/smpp-receiver.ts';
export { SmsChannel } from './sms/sms-channel.ts';
export type { SmsChannelOptions } from './sms/sms-channel.ts';
export type { SmppSettings } from './sms/smpp/smpp-account.ts';
export type { AppReceipt, RecordReceipts } from './sms/smpp/smpp-client.ts';
export type { ObeyKeyword } from './sms/inbound/inbound-sms.ts';
export { eraseInboundOfApp, findInboundTexts } from './sms/inbound/inbound-store.ts';
export type { SenderVerdict } from './sms/opt-outs/judge-senders.ts';
export { smsOptOutData } from './sms/opt-outs/personal-data-store.ts';
export type { TextToJudge } from './sms/text-messages.ts';
export { inboundSmsData } from './sms/inbound/personal-data.ts';
export { StatusLinks } from './sms/status-links.ts';
export { eraseSuppressions } from './suppressions/suppression-store.ts';
export { suppressedForm } from './suppressions/suppression.ts';
export { Suppressions } from './suppressions/suppressions.ts';
export { suppressionData } from './suppressions/personal-data-store.ts';
export { testSendRoutes } from './test-send/routes.ts';
export { Tracker } from './tracking/tracker.ts';
export type { TrackerOptions } from './tracking/tracker.ts';
export { eraseSandboxAccount, eraseSandboxMessages } from './sandbox/inbox/erase-store.ts';
export { ApnsChannel } from './push/apns/apns-channel.ts';
export { FcmChannel } from './push/fcm/fcm-channel.ts';
export { startApnsReceiver } from './sandbox/device-push/apns-receiver.ts';
export { startAdmReceiver } from './sandbox/device-push/adm-receiver.ts';
export { startFcmReceiver } from './sandbox/device-push/fcm-receiver.ts';
export { startHuaweiReceiver } from './sandbox/device-push/huawei-receiver.ts';
export type { DevicePush } from './sandbox/device-push/device-push.ts';
export { sandboxApnsSettings, sandboxFcmSettings } from './sandbox/device-push/sandbox-settings.ts';
