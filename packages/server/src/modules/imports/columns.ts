import type { ImportSettings } from '@carillon/wire';
import { invalidField } from '../../platform/http/invalid-field.ts';
import { formatOf, meaningOfName, parseMeaning, presentMeaning } from './meaning.ts';
import type { FileFormat, Meaning } from './meaning.ts';

/** A column of the file, and what its values are. */
export interface Column {
  readonly name: string;
  readonly meaning: Meaning;
}

export interface Columns {
  readonly format: FileFormat;
  /** In the order of the file. */
  readonly columns: readonly Column[];
}

/** Of one file, as everywhere where there is an upper bound: whoever maps more has mapped by mistake. */
const MOST_TAGS = 1_000;
const IDENTIFIERS: ReadonlySet<string> = new Set([
  'external_id',
  'onesignal_id',
  'former_onesignal_id',
  'subscription_id',
  'email',
  'phone_number',
  'token',
]);

/**
 * What the columns of a file mean: by the mapping, or else by their names. Throws ApiError `request-invalid` where
 * a mapping names no column, where two columns mean the same, and where nobody is named.
 */
export function readColumns(names: readonly string[], settings: ImportSettings): Columns {
  for (const name of Object.keys(settings.mapping ?? {})) {
    if (!names.includes(name)) {
      throw invalidField(
        `mapping.${name}`,
        `is no column of the file: it has ${names.slice(0, 50).join(', ')}`,
      );
    }
  }
  const read = meaningsOf(names, settings);
  checkColumns(read.columns);
  return read;
}

/** The same, whatever comes of it. Throws ApiError `request-invalid` where a mapping says what has no meaning. */
export function meaningsOf(
  names: readonly string[],
  { mapping = {}, unknown_columns: unknown = 'tag' }: ImportSettings,
): Columns {
  const format = formatOf(names);
  const columns = names.map((name): Column => {
    const asked = mapping[name];
    if (asked !== undefined) return { name, meaning: parseMeaning(name, asked) };
    const known = meaningOfName(name, format);
    if (known !== null) return { name, meaning: known };
    return {
      name,
      meaning: unknown === 'tag' ? { kind: 'tag', key: name } : { kind: 'word', word: 'ignore' },
    };
  });
  return { format, columns };
}

function checkColumns(columns: readonly Column[]): void {
  const seen = new Map<string, string>();
  for (const { name, meaning } of columns) {
    const text = presentMeaning(meaning);
    const other = seen.get(text);
    if (other !== undefined && text !== 'ignore') {
      throw invalidField(
        `mapping.${name}`,
        `is ${text}, as the column ${other} is: map one of them to "ignore"`,
      );
    }
    seen.set(text, name);
  }
  if (columns.filter(({ meaning }) => meaning.kind === 'tag').length > MOST_TAGS) {
    throw invalidField('mapping', `makes more than ${MOST_TAGS} columns tags: map the others to "ignore"`);
  }
  if (
    ![...seen.keys()].some((text) => IDENTIFIERS.has(text) || text.startsWith('alias.') || text === 'aliases')
  ) {
    throw invalidField(
      'mapping',
      'names nobody: a column must be external_id, email, phone_number, subscription_id or another identifier',
    );
  }
  if (seen.has('token') && !seen.has('type') && !seen.has('device_type')) {
    throw invalidField('mapping', 'has a token, and no column that is its type or device_type');
  }
}
