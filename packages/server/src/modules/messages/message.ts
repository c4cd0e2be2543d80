import type { Channel } from '@carillon/wire';
import type { EmailContent } from '../templates/index.ts';
import type { Timing } from './timing/timing.ts';

/** A message as sending needs it. Never changes once accepted. */
export interface Message {
  readonly id: string;
  readonly appId: string;
  readonly channel: Channel;
  readonly name: string | null;
  readonly templateId: string | null;
  readonly contentId: string;
  readonly content: EmailContent;
  readonly customData: Readonly<Record<string, unknown>> | null;
  /** After a crash, mark what was in doubt as unknown instead of handing it over again. */
  readonly atMostOnce: boolean;
  /** Null: to everybody at once. */
  readonly timing: Timing | null;
}
