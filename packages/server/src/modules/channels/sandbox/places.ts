/** Where the receivers of a sandbox are reached, all of them on one machine. */
export interface SandboxPlaces {
  readonly host: string;
  readonly smtpPort: number;
  /** `http://127.0.0.1:2526`: HTTP/2 in the clear, as at the next two. */
  readonly apnsOrigin: string;
  readonly fcmOrigin: string;
  readonly webPushOrigin: string;
  /** HTTP/1.1, as at the next two. */
  readonly huaweiOrigin: string;
  readonly admOrigin: string;
  readonly twilioOrigin: string;
  readonly vonageOrigin: string;
  readonly snsOrigin: string;
  /** `http://127.0.0.1:2532`: before the name of a provider of mail, as in `…/sendgrid`. */
  readonly mailApisOrigin: string;
  readonly smppPort: number;
}
