import type { Channel } from '@carillon/wire';
import type { Audience } from '../audience/index.ts';
import type { Content } from '../templates/index.ts';
import type { HoldOut } from './hold-out.ts';
import type { Timing } from './timing/timing.ts';

/** A message as sending needs it. Never changes once accepted. */
export interface Message<Said extends Content = Content> {
  readonly id: string;
  readonly appId: string;
  readonly channel: Channel;
  readonly name: string | null;
  readonly templateId: string | null;
  readonly contentId: string;
  readonly content: Said;
  readonly customData: Readonly<Record<string, unknown>> | null;
  /** After a crash, mark what was in doubt as unknown instead of handing it over again. */
  readonly atMostOnce: boolean;
  /** Who gets it, of those its chunks go to: null for all of them. Only chunks without targets have one. */
  readonly audience: Audience | null;
  /** Null: to everybody at once. */
  readonly timing: Timing | null;
  /** Null: nobody is held out. */
  readonly holdOut: HoldOut | null;
}
