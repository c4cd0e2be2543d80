/** What arrived for one delivery. */
export interface Arrival {
  times: number;
  /** Every address it was sent to: one, if all is well. */
  readonly addresses: Set<string>;
}

/** Whatever a provider took in, by delivery. */
export class Arrivals {
  readonly byDelivery = new Map<string, Arrival>();
  /** Those that name no delivery of ours. */
  strangers = 0;
  /** All of them. */
  count = 0;

  /** `null` where it names no delivery. */
  record(
    reference: { readonly messageId: string; readonly subscriptionId: string } | null,
    address: string,
  ): void {
    this.count += 1;
    if (reference === null) {
      this.strangers += 1;
      return;
    }
    const key = deliveryKey(reference.messageId, reference.subscriptionId);
    const arrival = this.byDelivery.get(key) ?? { times: 0, addresses: new Set() };
    arrival.times += 1;
    arrival.addresses.add(address);
    this.byDelivery.set(key, arrival);
  }
}

export function deliveryKey(messageId: string, subscriptionId: string): string {
  return `${messageId} ${subscriptionId}`;
}
