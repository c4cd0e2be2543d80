import type { JourneyNode, SendNode, WaitUntilDateNode } from '../definition.ts';
import type { Member } from './member.ts';
import type { NodeNames } from './node-names.ts';
import { parseSplit, parseWaitUntil, parseYesNo } from './parse-branches.ts';
import { TAGS, YEAR_SECONDS } from './parse-settings.ts';
import { parseTimeWindow, TIME_WINDOW_MEMBERS } from './parse-time-window.ts';

const KINDS = [
  'wait',
  'wait_until',
  'wait_until_date',
  'time_window',
  'send_push',
  'send_email',
  'send_sms',
  'send_webhook',
  'tag',
  'split_range',
  'yes_no',
  'exit',
] as const;

/** Nodes in their order, with those of their branches. */
export function parseNodes(nodes: Member, names: NodeNames): readonly JourneyNode[] {
  return nodes.items(0, Number.MAX_SAFE_INTEGER).map((node) => parseNode(node, names));
}

function parseNode(member: Member, names: NodeNames): JourneyNode {
  const base = {
    ...names.of(member),
    annotation: member.at('annotation').optionalText(255),
    clientNodeId: member.at('client_node_id').optionalText(255),
  };
  const only = (...own: readonly string[]) =>
    member.only('id', 'kind', 'annotation', 'client_node_id', ...own);
  if (member.at('kind').value === 'send_iam') {
    throw member.at('kind').refusal('send_iam is not supported yet: there are no in-app messages here');
  }
  const kind = member.at('kind').oneOf(KINDS);
  switch (kind) {
    case 'wait':
      only('duration_seconds');
      return { ...base, kind, durationSeconds: member.at('duration_seconds').whole(60, YEAR_SECONDS) };
    case 'wait_until':
      only('branches', 'expiration');
      return { ...base, kind, ...parseWaitUntil(member, names, parseNodes) };
    case 'wait_until_date':
      only('source', 'offset_seconds', 'otherwise');
      return { ...base, kind, ...parseWaitUntilDate(member) };
    case 'time_window':
      only(...TIME_WINDOW_MEMBERS);
      return { ...base, kind, ...parseTimeWindow(member) };
    case 'send_push':
    case 'send_email':
    case 'send_sms':
      only('template_id');
      return { ...base, kind, templateId: parseChoice(member.at('template_id')) } satisfies SendNode;
    case 'send_webhook':
      only('webhook_id');
      return { ...base, kind, webhookId: parseChoice(member.at('webhook_id')) };
    case 'tag':
      only('assignments');
      return { ...base, kind, assignments: member.at('assignments').texts(TAGS) };
    case 'split_range':
      only('randomize_on_entry', 'branches');
      return { ...base, kind, ...parseSplit(member, names, parseNodes) };
    case 'yes_no':
      only('branches');
      return { ...base, kind, ...parseYesNo(member, names, parseNodes) };
    case 'exit':
      only();
      return { ...base, kind };
  }
}

/** An id, or '' while nothing is chosen: a draft may be unfinished. */
function parseChoice(member: Member): string {
  return member.isAbsent ? '' : member.id();
}

function parseWaitUntilDate(
  member: Member,
): Pick<WaitUntilDateNode, 'source' | 'offsetSeconds' | 'otherwise'> {
  const source = member.at('source').only('kind', 'key');
  const offset = member.at('offset_seconds');
  const otherwise = member.at('otherwise');
  return {
    source: {
      kind: source.at('kind').oneOf(['event_property', 'tag']),
      key: source.at('key').text(255),
    },
    offsetSeconds: offset.isAbsent ? 0 : offset.whole(-YEAR_SECONDS, YEAR_SECONDS),
    otherwise: otherwise.isAbsent ? 'continue' : otherwise.oneOf(['continue', 'exit']),
  };
}
