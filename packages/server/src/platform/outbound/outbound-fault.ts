/** Why there is no answer: the first three will be so the next time, too. */
export type OutboundFaultKind = 'invalid' | 'forbidden' | 'too-large' | 'timeout' | 'unreachable';

/** A request that got no whole answer. The message is fit for the person who wrote the URL. */
export class OutboundFault extends Error {
  override readonly name = 'OutboundFault';
  readonly kind: OutboundFaultKind;

  constructor(kind: OutboundFaultKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }

  /** Whether another try may go better. */
  get mayPass(): boolean {
    return this.kind === 'timeout' || this.kind === 'unreachable';
  }
}
