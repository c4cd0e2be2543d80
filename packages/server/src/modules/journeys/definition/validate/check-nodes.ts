import type { Definition, JourneyNode, SendNode, WebhookNode } from '../definition.ts';
import type { Tell } from './complaint.ts';
import type { JourneyFacts } from './journey-facts.ts';
import { pathsOfBranches } from './placed-node.ts';
import type { PlacedNode } from './placed-node.ts';

/** What a node needs to do its work; what it asks is looked at by `checkConditions`. */
export function checkNode(place: PlacedNode, definition: Definition, facts: JourneyFacts, tell: Tell): void {
  const { node, path, isUnreachable } = place;
  if (isUnreachable) {
    tell('warning', path, 'no run comes here: every way ends before it', 'remove it, or the exit', node);
  }
  switch (node.kind) {
    case 'send_push':
    case 'send_email':
    case 'send_sms':
      checkTemplate(node, place, definition, facts, tell);
      return;
    case 'send_webhook':
      checkWebhook(node, path, facts, tell);
      return;
    case 'tag':
      if (Object.keys(node.assignments).length === 0) {
        tell('error', `${path}.assignments`, 'it sets no tag', 'name at least one tag, "" removes', node);
      }
      return;
    case 'time_window':
      if (node.windows.length === 0) {
        tell('error', `${path}.windows`, 'it never opens', 'add at least one window', node);
      }
      return;
    case 'wait_until':
      if (node.expiration === null) {
        tell(
          'warning',
          `${path}.expiration`,
          'who never does what is waited for stays here for ever',
          'set how long they wait at most',
          node,
        );
      }
      return;
    case 'wait_until_date':
      if (node.source.kind === 'event_property' && definition.audience.kind !== 'event_trigger') {
        tell(
          'error',
          `${path}.source`,
          'there is no event that let the user in: the audience is of segments',
          'take the time from a tag, or let users in by an event',
          node,
        );
      }
      return;
    case 'yes_no':
    case 'split_range':
      if (pathsOfBranches(node).every(([, branch]) => branch.nodes.length === 0)) {
        tell(
          'warning',
          `${path}.branches`,
          'nothing stands in any branch',
          'fill one, or remove the node',
          node,
        );
      }
      return;
    case 'wait':
    case 'exit':
  }
}

const CHANNELS = { send_push: 'push', send_email: 'email', send_sms: 'sms' } as const;

function checkTemplate(
  node: SendNode,
  { path, before }: PlacedNode,
  { audience }: Definition,
  facts: JourneyFacts,
  tell: Tell,
): void {
  const here = `${path}.template_id`;
  const channel = CHANNELS[node.kind];
  const template = facts.templates.get(node.templateId);
  if (node.templateId === '') {
    tell('error', here, 'it has no template', `choose a template of the channel ${channel}`, node);
  } else if (template === undefined) {
    const problem = `there is no template ${node.templateId}`;
    tell('error', here, problem, `choose a template of the channel ${channel}`, node);
  } else if (template.channel !== channel) {
    const problem = `the template is of the channel ${template.channel}, and the node sends ${channel}`;
    tell('error', here, problem, `choose a template of the channel ${channel}`, node);
  } else if (template.readsEvents && audience.kind === 'segment' && ![...before].some(keepsEvent)) {
    tell(
      'warning',
      here,
      'the template reads events of the journey, and here a run has kept none: they are empty',
      'give a default in the template, let users in by an event, or wait for one before',
      node,
    );
  }
}

function keepsEvent(node: JourneyNode): boolean {
  return (
    node.kind === 'wait_until' && node.branches.some(({ condition }) => condition.kind === 'event_trigger')
  );
}

function checkWebhook(node: WebhookNode, path: string, facts: JourneyFacts, tell: Tell): void {
  const here = `${path}.webhook_id`;
  const webhook = facts.webhooks.get(node.webhookId);
  if (node.webhookId === '') {
    tell('error', here, 'it has no webhook', 'choose one that the list of webhooks shows', node);
  } else if (webhook === undefined) {
    const problem = `there is no webhook ${node.webhookId}`;
    tell('error', here, problem, 'choose one that the list of webhooks shows', node);
  } else if (!webhook.isActive) {
    tell('warning', here, 'the webhook is disabled: nothing is called', 'enable it', node);
  }
}
