import { setTimeout as pause } from 'node:timers/promises';
import { removeAsked, whatIsAsked } from '../home/asked.ts';
import type { Asked } from '../home/asked.ts';
import { forgetUser } from './forget-user.ts';
import type { Session } from './session.ts';

const EVERY_MS = 300;

/** Does what people have asked for since the last look. */
export async function takeAsked(session: Session, signal: AbortSignal): Promise<void> {
  const { directory } = session.home;
  for (const { name, asked } of whatIsAsked(directory)) {
    if (signal.aborted) return;
    await doAsked(session, asked, signal);
    removeAsked(directory, name);
  }
}

/** The same, again and again while a run is under way. */
export async function keepTakingAsked(session: Session, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await takeAsked(session, signal);
    await pause(EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
}

async function doAsked(session: Session, asked: Asked, signal: AbortSignal): Promise<void> {
  switch (asked.kind) {
    case 'replay':
      await session.home.outbox.append(asked.items);
      session.queued.ring();
      return;
    case 'forget':
      return forgetUser(session, asked, signal);
  }
}
