/** Who mails come from when the message does not say. */
export interface SenderSettings {
  /** Empty for none. */
  readonly fromName: string;
  readonly fromAddress: string;
}
