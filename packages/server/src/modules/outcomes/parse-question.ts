import type { OutcomesQuery } from '@carillon/wire';
import { ApiError } from '../../platform/http/api-error.ts';
import { deviceTypeOf, typeOfDevice } from '../identity/index.ts';
import type { Attribution } from './outcome.ts';

const HOUR_MS = 3_600_000;
const RANGES_MS = { '1h': HOUR_MS, '1d': 24 * HOUR_MS, '1mo': 30 * 24 * HOUR_MS } as const;
const MOST_NAMES = 100;

export interface OutcomeQuestion {
  readonly asked: readonly { readonly id: string; readonly aggregation: 'sum' | 'count' }[];
  readonly rangeMs: number;
  /** All when null. */
  readonly deviceTypes: readonly number[] | null;
  readonly attribution: Attribution | null;
}

/** Throws ApiError `outcome-aggregation`, `request-invalid` or `player-device-type`. */
export function parseQuestion(query: OutcomesQuery): OutcomeQuestion {
  const listed = listOf(query.outcome_names).flatMap((names) => names.split(','));
  const names = [...listed, ...listOf(query['outcome_names[]'])].filter((name) => name !== '');
  if (names.length > MOST_NAMES) throw refusal(`must be at most ${MOST_NAMES} names`);
  const { outcome_time_range: range = '1h', outcome_attribution: attribution = 'total' } = query;
  return {
    asked: names.length === 0 ? noNames() : names.map(parseName),
    rangeMs: RANGES_MS[range],
    deviceTypes: platformsOf(query.outcome_platforms),
    attribution: attribution === 'total' ? null : attribution,
  };
}

function parseName(name: string) {
  const [, id, aggregation] = /^(.+)\.(sum|count)$/su.exec(name) ?? noNames();
  if (id === undefined || id.includes('\0')) return noNames();
  return { id, aggregation: aggregation === 'sum' ? ('sum' as const) : ('count' as const) };
}

function platformsOf(list: string | undefined): number[] | null {
  const numbers = (list ?? '').split(',').filter((part) => part.trim() !== '');
  if (numbers.length === 0) return null;
  return numbers.map((part) => deviceTypeOf(typeOfDevice(/^\s*\d{1,2}\s*$/.test(part) ? Number(part) : -1)));
}

function listOf(value: string | readonly string[] | undefined): readonly string[] {
  if (value === undefined) return [];
  return typeof value === 'string' ? [value] : value;
}

function noNames(): never {
  throw new ApiError('outcome-aggregation');
}

function refusal(rule: string): ApiError {
  return new ApiError('request-invalid', { params: { field: 'outcome_names', rule } });
}
