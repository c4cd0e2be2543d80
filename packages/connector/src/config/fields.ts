/** A row of unknown shape: column to value. */
export type Row = Readonly<Record<string, unknown>>;

/** A column by its name, or a value made from the row. */
export type From<R> = (keyof R & string) | ((row: R) => unknown);

/** The text of a query with its values; `R` is the type of its rows. */
export interface Model<R extends object> {
  readonly text: string;
  readonly values: readonly unknown[];
  /** Never set: carries the row type. */
  readonly row?: R;
}

/**
 * SQL stays SQL. Interpolated values become parameters.
 *
 * @example sql<Customer>`SELECT * FROM customers WHERE shop = ${shop}`
 */
export function sql<R extends object = Row>(
  text: TemplateStringsArray,
  ...values: readonly unknown[]
): Model<R> {
  return { text: text.reduce((whole, part, i) => `${whole}$${i}${part}`), values };
}

/** A table by its name, `schema.table` outside of public; `R` is the type of its rows. */
export interface Table<R extends object> {
  readonly name: string;
  /** Never set: carries the row type. */
  readonly row?: R;
}

/** @example on: { table: table<Order>('orders'), becomes: { status: 'shipped' } } */
export function table<R extends object>(name: string): Table<R> {
  return { name };
}

/** One tag. `F` is what it is made from: a column's name, or a function of the row. */
export interface TagField<F> {
  readonly from: F;
  /** Decimal places that numbers are rounded to. */
  readonly round?: number;
}

/**
 * A tag from a column or from the row. null removes the tag; booleans become "true" and "false";
 * times become Unix seconds, which is what filters on time read.
 *
 * @example tags: { plan: tag('plan'), initials: tag((customer: Customer) => customer.name.slice(0, 2)) }
 */
export function tag<const F>(from: F, options: { readonly round?: number } = {}): TagField<F> {
  return { from, ...options };
}

/** One address of a user. `F` is what it is made from: names of columns, or functions of the row. */
export type SubscriptionField<F, R> = EmailField<F, R> | SmsField<F, R>;

interface AddressField<F, R> {
  readonly from: F;
  /** May this address be written to? Always when absent. */
  readonly enabled?: (row: R) => boolean;
  /** When the person last said so, yes or no. With it the newest word wins, whoever was told. */
  readonly consentAt?: F;
}

/** One email subscription of a user. */
export interface EmailField<F, R> extends AddressField<F, R> {
  readonly type: 'Email';
}

/** One SMS subscription of a user. */
export interface SmsField<F, R> extends AddressField<F, R> {
  readonly type: 'SMS';
  /** Reads numbers as people write them. Without it a number must be in E.164 already. */
  readonly normalize?: 'E.164';
  /** Country of numbers without a country code, ISO 3166-1: one for all, or by the row. */
  readonly defaultCountry?: string | ((row: R) => string | null);
}

/**
 * An email subscription from a column or from the row. null, "" and absent: no subscription.
 *
 * @example email('email', { enabled: (customer: Customer) => customer.opted_in, consentAt: 'opted_in_at' })
 */
export function email<const F, R, const C = never>(
  from: F,
  options: { readonly enabled?: (row: R) => boolean; readonly consentAt?: C } = {},
): EmailField<F | NoInfer<C>, R> {
  return { type: 'Email', from, ...options };
}

/**
 * An SMS subscription from a column or from the row. null, "" and absent: no subscription.
 *
 * @example sms('phone', { enabled: (customer: Customer) => customer.sms_opt_in, normalize: 'E.164', defaultCountry: 'US' })
 */
export function sms<const F, R, const C = never>(
  from: F,
  options: {
    readonly enabled?: (row: R) => boolean;
    readonly consentAt?: C;
    readonly normalize?: 'E.164';
    readonly defaultCountry?: string | ((row: R) => string | null);
  } = {},
): SmsField<F | NoInfer<C>, R> {
  return { type: 'SMS', from, ...options };
}
