import { isTimeZone } from '../../platform/time-zone.ts';
import { refuse } from './text-rule.ts';

const LANGUAGE = /^[a-z]{2}$/;
// ZZ stands for no country at all, and has a name all the same.
const COUNTRY = /^(?!ZZ)[A-Z]{2}$/;

const languageNames = new Intl.DisplayNames('en', { type: 'language', fallback: 'none' });
const regionNames = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });

/** Codes that have a name. Two letters make 676 at most, and asking for a name costs more than all else here. */
const languages = new Set<string>();
const countries = new Set<string>();

function hasName(code: string, known: Set<string>, names: Intl.DisplayNames): boolean {
  if (known.has(code)) return true;
  if (names.of(code) === undefined) return false;
  known.add(code);
  return true;
}

/** ISO 639-1 in lower case, and the two scripts of Chinese. A region (`en-US`) is dropped. */
export function parseLanguage(given: string): string {
  const chinese = /^zh[-_](hans|hant)(?![a-z])/i.exec(given)?.[1]?.toLowerCase();
  if (chinese !== undefined) return chinese === 'hans' ? 'zh-Hans' : 'zh-Hant';
  const language = given.trim().toLowerCase().split(/[-_]/)[0] ?? '';
  if (!LANGUAGE.test(language) || !hasName(language, languages, languageNames)) {
    refuse('properties.language', 'must be an ISO 639-1 code in lower case, such as "en"', given);
  }
  return language;
}

/** ISO 3166-1 alpha-2 in upper case. */
export function parseCountry(given: string): string {
  const country = given.trim().toUpperCase();
  if (!COUNTRY.test(country) || !hasName(country, countries, regionNames)) {
    refuse('properties.country', 'must be an ISO 3166-1 alpha-2 code, such as "DE"', given);
  }
  return country;
}

/** An IANA name, kept as it was written. */
export function parseTimezone(given: string): string {
  const name = given.trim();
  if (!isTimeZone(name))
    refuse('properties.timezone_id', 'must be an IANA time zone, such as "Europe/Berlin"', given);
  return name;
}
