import type { DkimSettings } from '../dkim/dkim-key.ts';
import type { SenderSettings } from '../sender-settings.ts';

export interface SmtpSettings extends SenderSettings {
  readonly kind: 'smtp';
  readonly host: string;
  readonly port: number;
  /** `tls`: from the first byte (port 465). `starttls`: required before anything else. `opportunistic`: STARTTLS where offered. */
  readonly security: 'tls' | 'starttls' | 'opportunistic' | 'none';
  readonly user: string | null;
  readonly password: string | null;
  /** Most connections at the same time. */
  readonly connections: number;
  /** Mails leave unsigned without it. */
  readonly dkim?: DkimSettings | null;
}
