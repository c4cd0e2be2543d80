/** A text message, filled in for one person. */
export interface RenderedSms {
  /** Whose message it is: what its recipient answers, and what becomes of it, comes back for this app. */
  readonly appId: string;
  readonly text: string;
  /** What the message names as its sender; the app's own when null. */
  readonly from: string | null;
  /** Public addresses of pictures and files: with any it is an MMS. */
  readonly mediaUrls: readonly string[];
}
