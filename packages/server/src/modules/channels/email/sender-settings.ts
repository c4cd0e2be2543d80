/** Who mails come from when the message does not say. */
export interface SenderSettings {
  /** Empty for none. */
  readonly fromName: string;
  readonly fromAddress: string;
  /** Where servers tell what they could not deliver; to the address that mails come from when it is null or absent. */
  readonly bounceDomain?: string | null;
}
