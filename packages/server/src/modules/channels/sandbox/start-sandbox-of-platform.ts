import type { Database } from '../../../platform/database/database.ts';
import { readCopyId, readMessageId } from '../email/message-id.ts';
import { StatusLinks } from '../sms/status-links.ts';
import { MessageBoxStore } from './inbox/message-box-store.ts';
import type { PlatformOfSandbox } from './platform-of-sandbox.ts';
import { Sandbox } from './sandbox.ts';
import type { SandboxOptions } from './sandbox.ts';
import { appOfAccountSid, authTokenOf } from './twilio/account-of-app.ts';

export interface PlatformSandboxOptions
  extends
    Omit<SandboxOptions, 'box' | 'platform' | 'twilio' | 'vonage' | 'smpp'>,
    Pick<PlatformOfSandbox, 'url' | 'bouncePlace' | 'deliveriesOfPushes' | 'appOfMessage'> {
  readonly database: Database;
}

/** Any `system_id` binds with it: the receiver is reached from this machine alone. */
const SMPP_PASSWORD = 'sandbox';

/** The sandbox of a running server. What arrives is kept in its database and reported to it. */
export function startSandboxOfPlatform(options: PlatformSandboxOptions): Promise<Sandbox> {
  const { database, signer, url } = options;
  const statusLinks = new StatusLinks({ signer, publicUrl: url });
  const inboundUrl = (accountSid: string) =>
    `${url()}/apps/${appOfAccountSid(accountSid)}/channels/sms/twilio/inbound`;
  return Sandbox.start({
    ...options,
    box: new MessageBoxStore(database),
    platform: {
      ...options,
      deliveryOfMail: ({ providerId }) => readMessageId(signer, providerId) ?? readCopyId(signer, providerId),
      deliveryOfSms: (statusUrl) => statusLinks.read(statusUrl.slice(statusUrl.lastIndexOf('/') + 1)),
    },
    twilio: {
      authTokenOf: (sid) => (appOfAccountSid(sid) === null ? null : authTokenOf(signer, sid)),
      inboundUrl,
    },
    // An application of the sandbox has the id of the app that sends through it.
    vonage: { inboundUrl: (id) => `${url()}/apps/${id}/channels/sms/vonage/inbound` },
    smpp: { passwordOf: () => SMPP_PASSWORD },
  });
}
