import type { SendNode, TagNode, WebhookNode } from '../definition/definition.ts';
import { timedNameId } from '../../../platform/ids.ts';
import type { Place } from './compile-definition.ts';
import { channelOf } from './needs.ts';
import type { Passing, Walk } from './walk.ts';

type Task = SendNode | WebhookNode | TagNode;

/** Does what a node says for the user, or says why not; the way goes on either way. */
export function doTask(walk: Walk, node: Task, { next, leaving }: Place): Passing {
  const on: Passing = { kind: 'on', to: next };
  if (walk.isHeldOut) {
    walk.tell(node.key, 'withheld', { reason: 'held out' });
    return on;
  }
  switch (node.kind) {
    case 'send_push':
    case 'send_email':
    case 'send_sms':
      send(walk, node);
      return on;
    case 'send_webhook':
      callWebhook(walk, node);
      return on;
    case 'tag': {
      const tagged = tag(walk, node.key, node.assignments);
      walk.tell(node.key, tagged ? 'tagged' : 'skipped', tagged ? {} : { reason: 'too many tags' });
      // What is asked of segments is asked when they have seen the tags: in the next batch.
      return tagged && leaving.segmentIds.size > 0 ? { kind: 'waits', wakeAt: walk.now } : on;
    }
  }
}

/** Writes tags, '' removes. False when the user would have too many: then nothing is written. */
export function tag(walk: Walk, node: number, assignments: Readonly<Record<string, string>>): boolean {
  const entries = Object.entries(assignments);
  if (entries.length === 0) return true;
  const tags: Record<string, string> = { ...walk.tags, ...assignments };
  for (const [key, value] of entries) if (value === '') delete tags[key];
  const count = Object.keys(tags).length;
  // Removing must stay possible for somebody who has too many already.
  if (count > walk.facts.tagLimit && count > Object.keys(walk.tags).length) return false;
  walk.tags = tags;
  walk.leave({ kind: 'tag', node, assignments });
  return true;
}

function send(walk: Walk, node: SendNode): void {
  const channel = channelOf(node.kind);
  const contentId = walk.facts.contents.get(node.templateId);
  const targets = walk.facts.reachable[channel] ?? [];
  const fault =
    contentId === undefined
      ? 'template gone'
      : targets.length === 0
        ? `no reachable ${channel} subscription`
        : null;
  if (contentId === undefined || fault !== null) {
    walk.tell(node.key, 'skipped', { reason: fault });
    return;
  }
  const messageId = timedNameId(walk.now, 'journey message', walk.run.id, String(node.key));
  walk.context = { ...walk.context, sent: { ...walk.context.sent, [node.key]: messageId } };
  walk.tell(node.key, 'sent', { messageId });
  const { templateId } = node;
  walk.leave({ kind: 'send', channel, node: node.key, messageId, templateId, contentId, targets });
}

function callWebhook(walk: Walk, node: WebhookNode): void {
  const { webhookId } = node;
  if (!walk.facts.webhooks.has(webhookId)) {
    walk.tell(node.key, 'skipped', { reason: 'webhook gone or disabled' });
    return;
  }
  walk.tell(node.key, 'called');
  const callId = timedNameId(walk.now, 'journey call', walk.run.id, String(node.key));
  walk.leave({ kind: 'webhook', node: node.key, callId, webhookId });
}
