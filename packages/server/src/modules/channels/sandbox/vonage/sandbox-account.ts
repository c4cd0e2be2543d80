const PREFIX = 'vonage:';

/** Signs the webhooks of the sandbox's Vonage: it is reached from this machine alone. */
export const SANDBOX_SIGNATURE_SECRET = 'sandbox';

/** How the sandbox's box names the application that a message came through. */
export function accountOfApplication(applicationId: string): string {
  return PREFIX + applicationId;
}

/** The application that an account of the box is; null for another provider's. */
export function applicationOfAccount(account: string): string | null {
  return account.startsWith(PREFIX) ? account.slice(PREFIX.length) : null;
}
