import type { Clock } from '../../../platform/clock.ts';
import { Http2Client } from '../../../platform/outbound/index.ts';
import type { TlsIdentity } from '../../../platform/outbound/index.ts';
import type { ProviderAccount } from '../channel.ts';
import type { ServiceAddress } from './service-address.ts';

export interface PushChannelOptions {
  readonly clock: Clock;
  /** Ranges that apps may reach although they are not public: CARILLON_OUTBOUND_ALLOWED. */
  readonly outboundAllowed: readonly string[];
  /** PEM of authorities that are trusted beside the public ones. */
  readonly authorities?: readonly string[];
}

/** Connections to one service: what an app has set leads only where requests of users may lead. */
export function openClient(
  { clock, outboundAllowed, authorities }: PushChannelOptions,
  address: ServiceAddress,
  identity: TlsIdentity = {},
): Http2Client {
  return new Http2Client({
    clock,
    allowed: address.kind === 'sandbox' ? null : outboundAllowed,
    tls: { ...identity, ...(authorities !== undefined && { ca: authorities }) },
  });
}

/** A push service as one account uses it. */
interface Service {
  /** It has no connections and nothing under way. */
  readonly isIdle: boolean;
  close(): Promise<void>;
}

/** One service for each account: a provider may tie a connection to whoever used it first. */
export class PerAccount<Settings, Kept extends Service> {
  readonly #open: (settings: Settings) => Kept;
  readonly #services = new Map<string, Kept>();

  constructor(open: (settings: Settings) => Kept) {
    this.#open = open;
  }

  of({ key, settings }: ProviderAccount<Settings>): Kept {
    const known = this.#services.get(key);
    if (known !== undefined) return known;
    // Settings that were replaced are not asked for again.
    for (const [former, service] of this.#services) if (service.isIdle) this.#services.delete(former);
    const service = this.#open(settings);
    this.#services.set(key, service);
    return service;
  }

  async close(): Promise<void> {
    const services = [...this.#services.values()];
    this.#services.clear();
    await Promise.all(services.map((service) => service.close()));
  }
}
