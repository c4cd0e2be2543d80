import type { Consent, ConsentInput } from '@carillon/wire';
import { checkName, checkText, refuse } from './text-rule.ts';

/** What a person has said about being written to at one address. */
export interface ConsentFact {
  readonly granted: boolean;
  /** Milliseconds since the epoch: when it was said. */
  readonly at: number;
  readonly source: string;
  /** The words that were agreed to. */
  readonly wording: string | null;
}

/** A clock that is a little fast is no lie; one from next year would win over everything that is said until then. */
const MOST_AHEAD_MS = 10 * 60_000;

/** Throws ApiError `request-invalid`. */
export function parseConsent(field: string, input: ConsentInput, now: number): ConsentFact {
  const at = Date.parse(input.at);
  if (at > now + MOST_AHEAD_MS)
    refuse(`${field}.at`, 'must not be in the future: it is when the person said so');
  return {
    granted: input.granted,
    at,
    source: checkName(`${field}.source`, input.source, 128),
    wording:
      input.text === null || input.text === undefined ? null : checkText(`${field}.text`, input.text, 2_048),
  };
}

/** As the database's functions take it. */
export function consentOf({ at, granted, source, wording }: ConsentFact) {
  return {
    consent_at: new Date(at).toISOString(),
    consent_granted: granted,
    consent_source: source,
    consent_wording: wording,
  };
}

/** A row of `consents`. */
export interface ConsentRow {
  readonly at: Date;
  readonly source: string;
  readonly granted: boolean;
  readonly wording: string | null;
  readonly recorded_at: Date;
}

/** The wire form. */
export function presentConsent(row: ConsentRow): Consent {
  return {
    granted: row.granted,
    at: row.at.toISOString(),
    source: row.source,
    text: row.wording,
    recorded_at: row.recorded_at.toISOString(),
  };
}
