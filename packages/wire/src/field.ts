import { Type } from 'typebox';
import type { TSchema } from 'typebox';

/** A field that may be left out; null clears it where there is something to clear. */
export const field = <Schema extends TSchema>(schema: Schema) =>
  Type.Optional(Type.Union([schema, Type.Null()]));

export const textField = field(Type.String());
export const flagField = field(Type.Boolean());

/** Language to text: `{"en": "Hello"}`. */
export const textsField = field(Type.Record(Type.String(), Type.String()));

export const integerField = (minimum: number, maximum: number) => field(Type.Integer({ minimum, maximum }));
