import type { Segments } from '../../sms/segments.ts';

/** A message as its person reads it. */
export interface ReadableMessage {
  readonly from: { readonly name: string; readonly address: string };
  /** The subject of a mail, the title of a notification; empty for a text message. */
  readonly subject: string;
  /** The first words, as a list shows them. */
  readonly preview: string;
  readonly html: string | null;
  readonly text: string | null;
  readonly headers: readonly HeaderLine[];
  readonly sms: ReadableSms | null;
  readonly push: ReadablePush | null;
}

export interface HeaderLine {
  readonly name: string;
  readonly value: string;
}

export interface ReadableSms {
  readonly segments: Segments;
  /** The text in the pieces that its segments carry. */
  readonly parts: readonly string[];
  readonly mediaUrls: readonly string[];
}

/** A notification as the device or browser shows it. */
export interface ReadablePush {
  /** Null: there is none, and the app's name stands there. */
  readonly title: string | null;
  readonly subtitle: string | null;
  /** Null, and no title: it only wakes the app. */
  readonly body: string | null;
  readonly icon: string | null;
  readonly image: string | null;
  /** What a click opens; null: the app, or the site. */
  readonly url: string | null;
  readonly buttons: readonly PushButton[];
  /** What the app is given beside the words. */
  readonly data: Readonly<Record<string, unknown>> | null;
}

export interface PushButton {
  readonly id: string;
  readonly text: string;
}

export const PREVIEW_LENGTH = 140;

/** Nothing of it is there: what kinds of messages have in common, to be filled in. */
export const NOTHING = {
  subject: '',
  html: null,
  text: null,
  headers: [],
  sms: null,
  push: null,
} as const satisfies Partial<ReadableMessage>;

export function previewOf(text: string): string {
  return text.replace(/\s+/g, ' ').trim().slice(0, PREVIEW_LENGTH);
}
