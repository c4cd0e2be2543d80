import type { EmailField, From, Model, Row, Table, TagField } from './fields.ts';
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
  readonly language?: From<NoInfer<R>>;
  readonly country?: From<NoInfer<R>>;
  readonly timezone?: From<NoInfer<R>>;
  readonly tags?: Readonly<Record<string, TagField<From<NoInfer<R>>>>>;
  readonly subscriptions?: readonly EmailField<From<NoInfer<R>>, NoInfer<R>>[];
  /** What becomes of a user whose row is gone; 'ignore' when absent. */
  readonly onDelete?: 'ignore' | 'unsubscribe' | 'delete';
}

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
  /** Older news is not sent, for instance '2h': 'ms', 's', 'm', 'h' or 'd'. Always sent when absent. */
  readonly maxAge?: string;
}

export interface Recipient {
  readonly externalId: string;
  readonly channel: 'push' | 'email' | 'sms';
}

/** The way back: what happened to messages becomes rows of a table of the source. */
export interface Back {
  readonly table: string;
  /** Kinds to keep, by their last word: 'sent', 'delivered', 'opened' ... All when absent. */
  readonly keep?: readonly string[];
}

/** A configuration with its row types forgotten: what the connector itself works with. */
export interface Connector {
  /** Names the slot, the publication and the idempotency keys. Changing it starts anew. */
  readonly name: string;
  readonly source: SourceConfig;
  readonly target: Target;
  /** Directory of what must survive: `.carillon/NAME` when absent. */
  readonly home: string;
  readonly users: UsersModel<Row> | null;
  readonly events: Readonly<Record<string, EventTrigger<Row>>>;
  readonly messages: Readonly<Record<string, MessageTrigger<Row>>>;
  readonly back: Back | null;
  /** What an event or message that is rejected means for the later ones of its user. */
  readonly afterReject: AfterReject;
}

/** Later events and messages of the user go on, or become rejects, too, until that one is sent. */
export type AfterReject = 'go-on' | 'hold-user';
