import type { Back } from './back.ts';
import type { From, Model, Row, SubscriptionField, Table, TagField } from './fields.ts';
import type { SourceConfig } from './source-config.ts';
import type { Target } from './target.ts';

/** Rows become users. */
export interface UsersModel<R extends object> {
  /** One row per user. Joins and aggregates are welcome as long as a filter on `key` reaches an index. */
  readonly model: Model<R>;
  /** The model's unique column. */
  readonly key: NoInfer<keyof R & string>;
  /** Table to the column that holds the key: a change in that table makes that user worth a look. */
  readonly dirtyWhen: Readonly<Record<string, string>>;
  /** The user's id at the destination; the key as text when absent. Never changes for a user. */
  readonly externalId?: (row: NoInfer<R>) => string;
  /**
   * The way back from `externalId`: the key of a user of whom the destination tells. null for nobody of
   * ours. Without it what is learned of a user takes effect when the row is looked at next.
   */
  readonly keyOf?: (externalId: string) => string | null;
  /** Further names of the user: label to column, or made from the row. null leaves a name as it is. */
  readonly aliases?:
    | Readonly<Record<string, From<NoInfer<R>>>>
    | ((row: NoInfer<R>) => Readonly<Record<string, unknown>>);
  /** External id, or ids, of users whom this one has taken over: their subscriptions move here. */
  readonly replaces?: From<NoInfer<R>>;
  readonly language?: From<NoInfer<R>>;
  readonly country?: From<NoInfer<R>>;
  readonly timezone?: From<NoInfer<R>>;
  readonly tags?: Readonly<Record<string, TagField<From<NoInfer<R>>>>>;
  readonly subscriptions?: readonly SubscriptionField<From<NoInfer<R>>, NoInfer<R>>[];
  /** What happens to a user whose row is gone; 'ignore' when absent. */
  readonly onDelete?: OnDelete;
  readonly limits?: {
    /**
     * More users than this gone at once stop the run: a share ('1%') or a number of users. '1%' when
     * absent; up to 50 are always taken for real.
     */
    readonly maxDeletes?: string | number;
  };
}

/** 'ignore' leaves the user; 'unsubscribe' turns all addresses off; 'delete' deletes the user. */
export type OnDelete = 'ignore' | 'unsubscribe' | 'delete';

/** A row reaches a state: it is inserted with these values or changed to them. Once per row. */
export interface Transition<R extends object> {
  readonly table: string | Table<R>;
  readonly becomes: NoInfer<Partial<Readable<R>>>;
}

/** The row type, or any column of unknown type where none was named. */
export type Readable<R extends object> = object extends R ? Row : R;

export interface EventTrigger<R extends object> {
  readonly on: Transition<R>;
  /** External id of the user it happened to. */
  readonly user: (row: Readable<R>) => string;
  /** When it happened: a column; the time of the change when absent. */
  readonly at?: keyof Readable<R> & string;
  readonly data?: (row: Readable<R>) => Readonly<Record<string, unknown>>;
}

export interface MessageTrigger<R extends object> {
  readonly on: Transition<R>;
  readonly to: (row: Readable<R>) => Recipient;
  /** Id or name of the template. */
  readonly template: string;
  /** Reaches the template's Liquid as message.custom_data. */
  readonly data?: (row: Readable<R>) => Readonly<Record<string, unknown>>;
  /** More in a minute stop the run: a table that was changed by accident is no news. No limit when absent. */
  readonly maxPerMinute?: number;
  /** Older news is not sent, for instance '2h': 'ms', 's', 'm', 'h' or 'd'. Always sent when absent. */
  readonly maxAge?: string;
}

export interface Recipient {
  readonly externalId: string;
  readonly channel: 'push' | 'email' | 'sms';
}

/** A configuration with its row types forgotten: what the connector itself works with. */
export interface Connector {
  /** Names the slot, the publication and the idempotency keys. Changing it starts anew. */
  readonly name: string;
  readonly source: SourceConfig;
  readonly target: Target;
  /** Directory of what must survive: `.carillon/NAME` when absent. */
  readonly home: string;
  /** Of 32 bytes each, the current one first; empty where the home is not encrypted. */
  readonly homeKeys: readonly Buffer[];
  readonly users: UsersModel<Row> | null;
  readonly events: Readonly<Record<string, EventTrigger<Row>>>;
  readonly messages: Readonly<Record<string, MessageTrigger<Row>>>;
  readonly back: Back | null;
  /** What an event or message that is rejected means for the later ones of its user. */
  readonly afterReject: AfterReject;
}

/** Later events and messages of the user go on, or become rejects, too, until that one is sent. */
export type AfterReject = 'go-on' | 'hold-user';
