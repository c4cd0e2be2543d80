import type { CompiledJourney } from '../run/compile-definition.ts';
import type { Question } from './question.ts';

/** What an answer takes as it is now, and what is not known of the past: only what this journey asks for. */
export function assumptionsOf(
  { definition, everything, segmentIds, sendingNodes }: CompiledJourney,
  { from, samplePercent }: Question,
): string[] {
  const { audience, earlyExit } = definition;
  const told: [boolean, string][] = [
    [true, `The journey goes live at ${new Date(from).toISOString()}, with nobody inside.`],
    [true, 'Users who were deleted since are not there. Two users who were merged since are one.'],
    [everything.channels.size > 0, 'Subscriptions and templates are taken as they are now.'],
    [
      everything.tags || segmentIds.size > 0,
      'Tags are taken as they are now; what the simulated journey writes is added.',
    ],
    [everything.timeZone, 'Time zones are taken as they are now.'],
    [
      segmentIds.size > 0,
      'Segments are asked at each moment, with what they mean now: custom events and events of messages as they were then, everything else about a user as it is now.',
    ],
    [
      everything.lastActive || segmentIds.size > 0 || earlyExit?.onSession === true,
      'Only the last session of a user is known: earlier ones end no run.',
    ],
    [
      sendingNodes.size > 0,
      'What a user does with a message is known only of messages that this journey really sent.',
    ],
    [
      audience.kind === 'segment',
      'Chance that follows from the run falls as it fell where the same run really began; elsewhere it is made up, and always the same.',
    ],
    [samplePercent < 100, `About ${samplePercent} of 100 users were looked at, always the same.`],
  ];
  return told.flatMap(([isTold, text]) => (isTold ? [text] : []));
}
