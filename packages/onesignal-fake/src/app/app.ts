import { randomUUID } from 'node:crypto';
import type { Json, Reply } from '../reply.ts';
import { Keys } from './keys.ts';
import { People } from './people.ts';

/** A custom event that was taken. */
export interface FakeEvent {
  readonly name: string;
  readonly onesignalId: string;
  readonly externalId: string | null;
  readonly key: string | null;
  readonly timestamp: string;
  readonly properties: Json;
}

/** A message that went to somebody. */
export interface FakeMessage {
  readonly id: string;
  readonly key: string | null;
  readonly channel: 'email' | 'sms' | 'push';
  /** Subscriptions it went to, by id. */
  readonly recipients: readonly string[];
  /** External ids of those it went to. */
  readonly externalIds: readonly string[];
  readonly body: Json;
  readonly queuedAt: number;
  canceled: boolean;
}

export interface FakeTemplate {
  readonly id: string;
  readonly name: string;
  readonly channel: 'push' | 'email' | 'sms';
  /** Members of `content` as they are answered, without those that are null. */
  readonly content: Json;
  readonly createdAt: string;
}

export interface FakeSegment {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly source: 'default' | 'custom' | 'quickstart';
  readonly filters: readonly Json[];
  readonly isActive: boolean;
  /** With filters on events: the API does not show it. */
  readonly isUserBased: boolean;
  /** What it is said to hold: the fake evaluates no filters. Null for everybody who can be reached. */
  readonly subscribers: number | null;
  readonly createdAt: string;
}

const DAY_MS = 86_400_000;
const MESSAGE_KEY_MS = 30 * DAY_MS;
/** Best effort, as documented for events. */
const EVENT_KEY_MS = 4 * 3_600_000;

/** What one app knows. In memory: it is gone with the process. */
export class App {
  readonly people = new People();
  readonly events: FakeEvent[] = [];
  readonly messages = new Map<string, FakeMessage>();
  readonly templates: FakeTemplate[] = [];
  readonly segments: FakeSegment[] = [];
  readonly exports = new Map<string, { readonly file: Buffer; readonly readyAt: number }>();
  readonly messageKeys = new Keys<Reply>(MESSAGE_KEY_MS);
  readonly eventKeys = new Keys<true>(EVENT_KEY_MS);

  constructor(now: number) {
    this.addSegment({ name: 'Subscribed Users', source: 'default', subscribers: null }, now);
  }

  addTemplate(
    {
      id = randomUUID(),
      name,
      channel = 'push',
      content = channel === 'email' ? { email_subject: name, email_body: name } : { contents: { en: name } },
    }: { id?: string; name: string; channel?: FakeTemplate['channel']; content?: Json },
    now: number,
  ): FakeTemplate {
    const template = { id, name, channel, content, createdAt: new Date(now).toISOString() };
    this.templates.push(template);
    return template;
  }

  addSegment(given: Partial<FakeSegment> & { readonly name: string }, now: number): FakeSegment {
    const segment = {
      id: randomUUID(),
      description: null,
      source: 'custom' as const,
      filters: [],
      isActive: true,
      isUserBased: false,
      subscribers: 0,
      createdAt: new Date(now).toISOString(),
      ...given,
    };
    this.segments.push(segment);
    return segment;
  }
}
