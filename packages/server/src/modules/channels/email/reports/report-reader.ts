import type { TokenSigner } from '../../../../platform/crypto/index.ts';
import type { Outbound } from '../../../../platform/outbound/index.ts';
import type { EmailReport } from './email-report.ts';

/** A request in which a provider tells what became of mails. */
export interface PostedReport {
  readonly headers: Readonly<Record<string, unknown>>;
  /** As it came: signatures are over these letters. */
  readonly body: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export interface ReportTools {
  /** Opens the references that mails carry. */
  readonly signer: TokenSigner;
  /** The account is at the sandbox, which has addresses of its own. */
  readonly isSandbox: boolean;
  /** Reaches what a report says has to be fetched. */
  readonly outbound: Pick<Outbound, 'request'>;
}

/** How one kind of provider tells what became of mails. */
export interface ReportReader<Settings> {
  /** As people call the provider. */
  readonly name: string;
  /** What shows that it is the provider who tells: as a refusal tells it. */
  readonly proof: string;
  /** Whether the provider of this account has made the request. */
  isGenuine(posted: PostedReport, settings: Settings, tools: ReportTools): boolean | Promise<boolean>;
  /**
   * What is told of mails of ours; what is no news, or of other mails, is left out. Asked for genuine requests
   * alone.
   */
  read(posted: PostedReport, settings: Settings, tools: ReportTools): EmailReport[] | Promise<EmailReport[]>;
}
