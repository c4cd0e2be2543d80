import type { DkimSettings } from './dkim/dkim-key.ts';

/** How an app sends email. */
export type EmailSettings = SmtpSettings | NullSettings;

export interface SmtpSettings {
  readonly kind: 'smtp';
  readonly host: string;
  readonly port: number;
  /** `tls`: from the first byte (port 465). `starttls`: required before anything else. `opportunistic`: STARTTLS where offered. */
  readonly security: 'tls' | 'starttls' | 'opportunistic' | 'none';
  readonly user: string | null;
  readonly password: string | null;
  /** Most connections at the same time. */
  readonly connections: number;
  /** Who mails come from when the message does not say. */
  readonly fromName: string;
  readonly fromAddress: string;
  /** Mails leave unsigned without it. */
  readonly dkim?: DkimSettings | null;
}

/** Takes every mail and drops it: to measure everything but the mail itself. */
export interface NullSettings {
  readonly kind: 'null';
}
