import type { UsersModel } from '../config/config.ts';
import type { Row } from '../config/fields.ts';
import type { Refuse } from './mapped-user.ts';
import { readText } from './read-field.ts';

const LANGUAGE = /^[a-z]{2}$/;
const COUNTRY = /^[A-Z]{2}$/;
const NAMES = {
  language: new Intl.DisplayNames('en', { type: 'language', fallback: 'none' }),
  country: new Intl.DisplayNames('en', { type: 'region', fallback: 'none' }),
};

/** Many rows, few languages: what was asked before is known. Bounded, as rows may hold anything. */
function remembered<Value>(read: (text: string) => Value): (text: string) => Value {
  const known = new Map<string, Value>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined || known.has(text)) return before as Value;
    if (known.size === MOST_REMEMBERED) known.clear();
    const value = read(text);
    known.set(text, value);
    return value;
  };
}

const MOST_REMEMBERED = 1000;

interface Locale {
  language?: string;
  country?: string;
  timezone_id?: string;
}

/** Language, country and time zone in the spelling that destinations keep. What is empty stays as it is there. */
export function mapLocale(
  { language, country, timezone }: UsersModel<Row>,
  row: Row,
  attempt: (field: string, map: () => void) => void,
  refuse: Refuse,
): Locale {
  const locale: Locale = {};
  attempt('language', () => {
    const text = readText(language, row);
    if (text === undefined) return;
    const code = languageOf(text);
    if (code === null) refuse('language', 'is an ISO 639-1 code, such as "en"');
    else locale.language = code;
  });
  attempt('country', () => {
    const code = readText(country, row)?.toUpperCase();
    if (code === undefined) return;
    if (isCountry(code)) locale.country = code;
    else refuse('country', 'is an ISO 3166-1 code of two letters, such as "DE"');
  });
  attempt('timezone', () => {
    const zone = readText(timezone, row);
    if (zone === undefined) return;
    if (isTimeZone(zone)) locale.timezone_id = zone;
    else refuse('timezone', 'is an IANA time zone, such as "Europe/Berlin"');
  });
  return locale;
}

/** Regions are dropped (en-US); the scripts of Chinese are kept, because messages differ by them. */
const languageOf = remembered((text: string): string | null => {
  const script = /^zh[-_](hans|hant)(?![a-z])/i.exec(text)?.[1]?.toLowerCase();
  if (script !== undefined) return script === 'hans' ? 'zh-Hans' : 'zh-Hant';
  const code = text.toLowerCase().split(/[-_]/)[0] ?? '';
  return LANGUAGE.test(code) && NAMES.language.of(code) !== undefined ? code : null;
});

const isCountry = remembered(
  (code: string) => COUNTRY.test(code) && code !== 'ZZ' && NAMES.country.of(code) !== undefined,
);

const isTimeZone = remembered((name: string): boolean => {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).format(0) !== '';
  } catch {
    return false;
  }
});
