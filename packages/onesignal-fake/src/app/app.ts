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
  readonly exports = new Map<string, { readonly file: Buffer; readonly readyAt: number }>();
  readonly messageKeys = new Keys<Reply>(MESSAGE_KEY_MS);
  readonly eventKeys = new Keys<true>(EVENT_KEY_MS);

  addTemplate(
    {
      id = randomUUID(),
      name,
      channel = 'push',
    }: { id?: string; name: string; channel?: FakeTemplate['channel'] },
    now: number,
  ): FakeTemplate {
    const template = { id, name, channel, createdAt: new Date(now).toISOString() };
    this.templates.push(template);
    return template;
  }
}
