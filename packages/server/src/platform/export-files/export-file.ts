/** What a file is made of: its kind says who can make it, its subject what is in it. */
export interface ExportRequest {
  readonly appId: string;
  readonly kind: string;
  readonly subject: Readonly<Record<string, unknown>>;
}

/** A file that was asked for. */
export interface NewFile extends ExportRequest {
  readonly id: string;
  /** The last part of its link. */
  readonly name: string;
  /** It is gzip. */
  readonly packed: boolean;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

/** A file that a worker makes, for the `attempt`th time. */
export interface ClaimedFile extends ExportRequest {
  readonly id: string;
  readonly attempt: number;
  readonly packed: boolean;
}

/** A file that can be fetched. */
export interface ReadyFile {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly attempt: number;
  readonly packed: boolean;
  /** Bytes. */
  readonly size: number;
  readonly readyAt: Date;
}

/** Where a file is on its way. */
export type FileState =
  /** Nobody has begun it. */
  | 'queued'
  | 'running'
  /** It can be fetched until it expires. */
  | 'ready'
  | 'cancelled'
  /** Tried again and again without success, and given up. */
  | 'failed';

/** A file as a list shows it. */
export interface ShownFile extends ExportRequest {
  readonly id: string;
  readonly name: string;
  readonly state: FileState;
  /** Lines so far; all of them when it is ready. */
  readonly found: number;
  /** Bytes; null until it is ready. */
  readonly size: number | null;
  readonly createdAt: Date;
  readonly readyAt: Date | null;
  readonly expiresAt: Date;
}
