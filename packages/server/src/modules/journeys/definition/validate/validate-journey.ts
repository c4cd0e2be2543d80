import type { Definition } from '../definition.ts';
import { walkNodes } from '../walk-nodes.ts';
import { checkConditions } from './check-conditions.ts';
import { checkEntry } from './check-entry.ts';
import { checkExit } from './check-exit.ts';
import { checkNode } from './check-nodes.ts';
import type { Complaint, Tell } from './complaint.ts';
import type { JourneyFacts } from './journey-facts.ts';
import { placeNodes } from './placed-node.ts';

const EFFECTS = new Set(['send_push', 'send_email', 'send_sms', 'send_webhook', 'tag']);

/** All complaints of a journey, in the order in which it is read. Errors keep it from going live. */
export function validateJourney(definition: Definition, facts: JourneyFacts): readonly Complaint[] {
  const complaints: Complaint[] = [];
  const tell: Tell = (level, path, problem, fix, node) => {
    complaints.push({ level, node: node ?? null, path, problem, fix });
  };
  checkEntry(definition, facts, tell);
  checkExit(definition, facts, tell);
  const { nodes } = definition;
  if (nodes.length === 0) {
    tell('error', 'nodes', 'nothing happens to who comes in', 'add at least one node');
  } else if (![...walkNodes(nodes)].some(({ kind }) => EFFECTS.has(kind))) {
    tell(
      'warning',
      'nodes',
      'no node sends anything, sets a tag or calls a webhook',
      'add one that does; a journey that only counts may stay as it is',
    );
  }
  for (const place of placeNodes(nodes)) {
    checkNode(place, definition, facts, tell);
    checkConditions(place, definition, facts, tell);
  }
  return complaints;
}
