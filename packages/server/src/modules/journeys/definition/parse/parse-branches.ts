import type { Branch, JourneyNode, SplitNode, WaitUntilNode, YesNoNode } from '../definition.ts';
import type { Member } from './member.ts';
import type { NodeNames } from './node-names.ts';
import { parseCondition } from './parse-condition.ts';
import { YEAR_SECONDS } from './parse-settings.ts';

/** Reads the nodes of a branch: `parseNodes`, which reads branches. */
export type ReadNodes = (nodes: Member, names: NodeNames) => readonly JourneyNode[];

export function parseSplit(
  member: Member,
  names: NodeNames,
  read: ReadNodes,
): Pick<SplitNode, 'randomizeOnEntry' | 'branches'> {
  const branches = member.at('branches').items(2, 20);
  const split = branches.map((branch) => ({
    ...parseBranch(branch.only('id', 'weight', 'nodes'), names, read),
    weight: branch.at('weight').whole(0, 100),
  }));
  const sum = split.reduce((total, { weight }) => total + weight, 0);
  if (sum !== 100) {
    throw member.at('branches').refusal(`must have weights that add up to 100, not ${sum}`);
  }
  return { randomizeOnEntry: member.at('randomize_on_entry').flag(), branches: split };
}

/** The first branch has the condition, the second is taken otherwise. */
export function parseYesNo(
  member: Member,
  names: NodeNames,
  read: ReadNodes,
): Pick<YesNoNode, 'condition' | 'yes' | 'no'> {
  const [yes, no] = member.at('branches').items(2, 2) as [Member, Member];
  if (!no.at('condition').isAbsent) {
    throw no.at('condition').refusal('has no meaning: the second branch is for whom the first is not');
  }
  return {
    condition: parseCondition(yes.at('condition'), names),
    yes: parseBranch(yes.only('id', 'condition', 'nodes'), names, read),
    no: parseBranch(no.only('id', 'nodes'), names, read),
  };
}

export function parseWaitUntil(
  member: Member,
  names: NodeNames,
  read: ReadNodes,
): Pick<WaitUntilNode, 'branches' | 'expiration'> {
  return {
    branches: member
      .at('branches')
      .items(1, 10)
      .map((branch) => ({
        ...parseBranch(branch.only('id', 'condition', 'nodes'), names, read),
        condition: parseCondition(branch.at('condition'), names),
      })),
    expiration: parseExpiration(member.at('expiration'), names, read),
  };
}

function parseExpiration(member: Member, names: NodeNames, read: ReadNodes): WaitUntilNode['expiration'] {
  if (member.isAbsent) return null;
  member.only('duration_seconds', 'exits', 'branch');
  const branch = member.at('branch');
  return {
    durationSeconds: member.at('duration_seconds').whole(60, YEAR_SECONDS),
    exits: member.at('exits').flag(),
    branch: branch.isAbsent ? null : parseBranch(branch.only('id', 'nodes'), names, read),
  };
}

function parseBranch(member: Member, names: NodeNames, read: ReadNodes): Branch {
  return { ...names.of(member), nodes: read(member.at('nodes'), names) };
}
