import { OutboundFault } from '../../../../platform/outbound/index.ts';
import { ApiError } from '../../../../platform/http/api-error.ts';
import type { ReportTools } from '../reports/report-reader.ts';

const FETCH = { timeoutMs: 10_000, mostBytes: 64 * 1024 };
/** SNS has one in each region, and another one every year or so. */
const MOST_KEPT = 100;

/** Certificates that SNS signs with, fetched once each. What an address has does not change. */
export class Certificates {
  readonly #kept = new Map<string, string>();

  /** PEM, or null when there is none. Throws ApiError `unavailable` where nobody answers: SNS tells it again. */
  async of(url: string, outbound: ReportTools['outbound']): Promise<string | null> {
    const known = this.#kept.get(url);
    if (known !== undefined) return known;
    const certificate = await fetchText(url, outbound);
    if (certificate === null) return null;
    if (this.#kept.size >= MOST_KEPT) this.#kept.clear();
    this.#kept.set(url, certificate);
    return certificate;
  }
}

/** What is at an address; null when its answer is a refusal. Throws ApiError `unavailable` where nobody answers. */
export async function fetchText(url: string, outbound: ReportTools['outbound']): Promise<string | null> {
  try {
    const { status, body } = await outbound.request({ ...FETCH, method: 'GET', url });
    return status === 200 ? body.toString('latin1') : null;
  } catch (error) {
    if (error instanceof OutboundFault) throw new ApiError('unavailable', { retryAfter: 5, cause: error });
    throw error;
  }
}
