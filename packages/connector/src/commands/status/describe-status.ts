import { bytesOf, countOf, spanOf } from '../ago.ts';
import type { Status } from './read-status.ts';

const PASS: Readonly<Record<Status['pass'], string>> = {
  due: 'all users are compared in the next run',
  queueing: 'what differs is being queued',
  done: 'all users were compared',
};

/** A status for people: a line for each thing. */
export function describeStatus(status: Status, now: number): string {
  const { told, outbox, pass, rejects, slot } = status;
  const dead = rejects.events + rejects.messages;
  return [
    line('run', describeRun(status, now)),
    told?.reading == null ? null : line('changes', `read by ${told.reading}`),
    line('pass', PASS[pass]),
    line(
      'outbox',
      outbox.items === 0
        ? 'empty'
        : `${countOf(outbox.items)} items, ${bytesOf(outbox.bytes)}, the oldest for ${spanOf(status.lagMs)}`,
    ),
    told === null ? null : line('sent', describeSent(status, now)),
    line('rejects', rejects.users === 0 ? 'none' : `${countOf(rejects.users)} users -> explain KEY`),
    line(
      'dead',
      dead === 0
        ? 'none'
        : `${countOf(rejects.events)} events, ${countOf(rejects.messages)} messages -> replay --failed`,
    ),
    status.asked === 0 ? null : line('asked', `${status.asked} requests wait for a run`),
    slot === null ? null : line('slot', describeSlot(slot)),
    told?.lastTrouble == null
      ? null
      : line(
          'trouble',
          `${told.lastTrouble.where}, ${spanOf(now - told.lastTrouble.at)} ago: ${told.lastTrouble.detail}`,
        ),
  ]
    .filter((text) => text !== null)
    .join('\n');
}

function describeRun({ run, told }: Status, now: number): string {
  if (told === null) return 'there was none yet';
  switch (run) {
    case 'never':
      return 'there was none yet';
    case 'under way':
      return `${told.command}, process ${told.pid}, for ${spanOf(now - told.startedAt)}`;
    case 'ended':
      return `none; the last (${told.command}) ended ${spanOf(now - (told.endedAt ?? now))} ago`;
    case 'killed':
      return `none; the last (${told.command}) was killed: the next one goes on from there`;
  }
}

function describeSent({ told }: Status, now: number): string {
  if (told === null) return 'nothing';
  const { users, unchanged, events, messages } = told.sent;
  const last = told.lastDeliveredAt === null ? '' : `, the last ${spanOf(now - told.lastDeliveredAt)} ago`;
  const rate = told.endedAt === null ? `; ${told.rate.toFixed(1)}/s in the last minute` : '';
  return `${countOf(users)} users, ${countOf(unchanged)} unchanged, ${countOf(events)} events, ${countOf(messages)} messages${last}${rate}`;
}

function describeSlot(slot: NonNullable<Status['slot']>): string {
  if ('problem' in slot) return `not known: ${slot.problem}`;
  return slot.state === 'lost'
    ? `${slot.slot} is lost: the next run makes it anew and compares all users`
    : `${slot.slot} holds ${bytesOf(slot.bytes)} of the server's log`;
}

function line(what: string, text: string): string {
  return `${what.padEnd(9)} ${text}`;
}
