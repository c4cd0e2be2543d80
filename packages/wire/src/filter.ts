import { Type } from 'typebox';
import type { Static } from 'typebox';
import { field, textField } from './field.ts';

/** Text, or a number that stands for its text. */
const operand = Type.Optional(Type.Union([Type.String(), Type.Number(), Type.Null()]));

/**
 * One entry of `filters`: a filter, or `{"operator": "OR"}` or `{"operator": "AND"}` between two of them. Filters
 * beside each other belong together; AND binds tighter than OR.
 */
export const filterEntry = Type.Object({
  /** What is asked about: `tag`, `last_session`, `country` ... */
  field: textField,
  /** `>` `<` `=` `!=`, and `exists`, `not_exists`, `in_array` and more for some fields. */
  relation: textField,
  /** Of a tag, or the SKU of `bought_sku`. */
  key: textField,
  value: operand,
  /** Of `last_session` and `first_session`. */
  hours_ago: operand,
  /** Metres around `lat` and `long`. */
  radius: operand,
  lat: operand,
  long: operand,
  operator: textField,
});
export type FilterEntry = Static<typeof filterEntry>;

export const filtersField = field(Type.Array(filterEntry));
