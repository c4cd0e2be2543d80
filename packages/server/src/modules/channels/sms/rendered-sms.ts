/** A text message, filled in for one person. */
export interface RenderedSms {
  readonly text: string;
  /** What the message names as its sender; the app's own when null. */
  readonly from: string | null;
  /** Public addresses of pictures and files: with any it is an MMS. */
  readonly mediaUrls: readonly string[];
}
