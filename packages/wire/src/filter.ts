import { Type } from 'typebox';
import type { Static } from 'typebox';
import { field, textField } from './field.ts';

/** Text, or a number that stands for its text. */
const operand = Type.Optional(Type.Union([Type.String(), Type.Number(), Type.Null()]));

/** What is asked of a property of a custom event. `key` goes inside with points: `items.0.sku`. */
const propertyFilter = Type.Object({ key: textField, relation: textField, value: operand });
export type PropertyFilter = Static<typeof propertyFilter>;

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
  /** Of `message_event`: push, email or sms. */
  channel: textField,
  /** Of `message_event`: one message. */
  message_id: textField,
  /** Of `message_event` and `custom_event`: not longer ago, and at least so long ago. */
  from_hours_ago: operand,
  to_hours_ago: operand,
  /** Of `custom_event`: what is asked of an event for it to count, `all` of it or `any`. */
  properties: field(Type.Array(propertyFilter)),
  match: textField,
  operator: textField,
});
export type FilterEntry = Static<typeof filterEntry>;

export const filtersField = field(Type.Array(filterEntry));
