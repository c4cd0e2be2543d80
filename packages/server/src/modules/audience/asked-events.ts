import type { Condition, Expression } from './condition.ts';
import type { AskedMessageEvents } from './sources.ts';

/** Which events expressions ask about. */
export interface AskedEvents {
  readonly custom: readonly AskedCustomEvents[];
  readonly ofMessages: readonly (AskedMessageEvents & { readonly fromHours: number | null })[];
}

export interface AskedCustomEvents {
  readonly name: string;
  /** None that are older can count; null for ever. */
  readonly fromHours: number | null;
  /** What they say about themselves is asked too. */
  readonly withProperties: boolean;
}

/** Each name of a custom event once, and each kind of message event: what is asked of several is all of it. */
export function askedEvents(expressions: readonly Expression[]): AskedEvents {
  const custom = new Map<string, AskedCustomEvents>();
  const ofMessages = new Map<string, AskedEvents['ofMessages'][number]>();
  for (const condition of expressions.flat(2).flatMap(leavesOf)) {
    if (condition.kind === 'custom-event') {
      const { name, fromHours, properties } = condition;
      const known = custom.get(name);
      custom.set(name, {
        name,
        fromHours: known === undefined ? fromHours : longer(known.fromHours, fromHours),
        withProperties: properties.length > 0 || known?.withProperties === true,
      });
    }
    if (condition.kind === 'message-event') {
      const { event, channel, messageId, fromHours } = condition;
      const known = ofMessages.get(event);
      ofMessages.set(event, {
        event,
        channel: known === undefined || known.channel === channel ? channel : null,
        messageId: known === undefined || known.messageId === messageId ? messageId : null,
        fromHours: known === undefined ? fromHours : longer(known.fromHours, fromHours),
      });
    }
  }
  return { custom: [...custom.values()], ofMessages: [...ofMessages.values()] };
}

function leavesOf(condition: Condition): readonly Condition[] {
  return condition.kind === 'any' ? condition.of.flat().flatMap(leavesOf) : [condition];
}

function longer(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : Math.max(a, b);
}
