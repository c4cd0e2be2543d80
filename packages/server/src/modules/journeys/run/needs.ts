import type { JourneyNode } from '../definition/definition.ts';
import type { SendChannel } from './run.ts';

/** Which facts nodes may ask for. */
export interface Needs {
  readonly segmentIds: ReadonlySet<string>;
  /** Nodes whose messages are asked about. */
  readonly sendingNodes: ReadonlySet<number>;
  readonly tags: boolean;
  readonly timeZone: boolean;
  readonly lastActive: boolean;
  readonly channels: ReadonlySet<SendChannel>;
  readonly templateIds: ReadonlySet<string>;
  readonly webhookIds: ReadonlySet<string>;
}

export const NO_NEEDS: Needs = {
  segmentIds: new Set(),
  sendingNodes: new Set(),
  tags: false,
  timeZone: false,
  lastActive: false,
  channels: new Set(),
  templateIds: new Set(),
  webhookIds: new Set(),
};

export function needSegments(segmentIds: readonly string[]): Needs {
  return { ...NO_NEEDS, segmentIds: new Set(segmentIds) };
}

/** What a run that comes to this node may ask for there. */
export function needsOf(node: JourneyNode): Needs {
  switch (node.kind) {
    case 'wait':
    case 'split_range':
    case 'exit':
      return NO_NEEDS;
    case 'wait_until_date':
      return { ...NO_NEEDS, tags: node.source.kind === 'tag' };
    case 'time_window':
      return {
        ...NO_NEEDS,
        timeZone: node.timeZone === null || node.useUserTimeZone,
        lastActive: node.relativeTo === 'last_active_time',
      };
    case 'send_push':
    case 'send_email':
    case 'send_sms':
      return {
        ...NO_NEEDS,
        channels: new Set([channelOf(node.kind)]),
        templateIds: new Set([node.templateId]),
      };
    case 'send_webhook':
      return { ...NO_NEEDS, webhookIds: new Set([node.webhookId]) };
    case 'tag':
      return { ...NO_NEEDS, tags: true };
    case 'yes_no':
    case 'wait_until': {
      const conditions =
        node.kind === 'yes_no' ? [node.condition] : node.branches.map(({ condition }) => condition);
      return {
        ...NO_NEEDS,
        segmentIds: new Set(
          conditions.flatMap((one) => (one.kind === 'segment_membership' ? one.segmentIds : [])),
        ),
        sendingNodes: new Set(
          conditions.flatMap((one) => (one.kind === 'on_notification_action' ? [one.sendingNodeKey] : [])),
        ),
      };
    }
  }
}

export function channelOf(kind: 'send_push' | 'send_email' | 'send_sms'): SendChannel {
  switch (kind) {
    case 'send_push':
      return 'push';
    case 'send_email':
      return 'email';
    case 'send_sms':
      return 'sms';
  }
}

export function allNeeds(parts: readonly Needs[]): Needs {
  const [only] = parts;
  if (parts.length <= 1) return only ?? NO_NEEDS;
  return {
    segmentIds: union(parts.map((part) => part.segmentIds)),
    sendingNodes: union(parts.map((part) => part.sendingNodes)),
    tags: parts.some((part) => part.tags),
    timeZone: parts.some((part) => part.timeZone),
    lastActive: parts.some((part) => part.lastActive),
    channels: union(parts.map((part) => part.channels)),
    templateIds: union(parts.map((part) => part.templateIds)),
    webhookIds: union(parts.map((part) => part.webhookIds)),
  };
}

function union<Value>(sets: readonly ReadonlySet<Value>[]): ReadonlySet<Value> {
  return new Set(sets.flatMap((set) => [...set]));
}
