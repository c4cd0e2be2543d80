import type { TokenSigner } from '../../../../platform/crypto/index.ts';
import { isUuid } from '../../../../platform/ids.ts';

const SID = /^AC([\da-f]{8})([\da-f]{4})([\da-f]{4})([\da-f]{4})([\da-f]{12})$/;

/** The account that an app has at the sandbox's Twilio: it is the app's id in the form of an account SID. */
export function accountSidOf(appId: string): string {
  return `AC${appId.replaceAll('-', '')}`;
}

/** The app that has the account; null when no app can. */
export function appOfAccountSid(sid: string): string | null {
  const parts = SID.exec(sid);
  const id = parts === null ? '' : parts.slice(1).join('-');
  return isUuid(id) ? id : null;
}

/** The same one in every process, as long as the server's keys stay. */
export function authTokenOf(signer: TokenSigner, accountSid: string): string {
  return signer.sign('sandbox twilio account', Buffer.from(accountSid));
}
