import { Outbound } from '../../../platform/outbound/index.ts';
import type { PushChannelOptions } from './per-account.ts';
import type { ServiceAddress } from './service-address.ts';

const LOOPBACK = ['127.0.0.0/8', '::1/128'];

/** Connections to push services over HTTP/1.1: what an app has set leads only where requests of users may lead. */
export class HttpsWays {
  readonly #internet: Outbound;
  /** Reaches this machine, and is asked for the sandbox alone. */
  readonly #sandbox = new Outbound(LOOPBACK);

  constructor({ outboundAllowed, authorities }: PushChannelOptions) {
    this.#internet = new Outbound(outboundAllowed, authorities);
  }

  to(address: ServiceAddress): Outbound {
    return address.kind === 'sandbox' ? this.#sandbox : this.#internet;
  }

  close(): void {
    this.#internet.close();
    this.#sandbox.close();
  }
}
