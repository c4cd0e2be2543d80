import { setTimeout as pause } from 'node:timers/promises';

const PATIENCE_MS = 20_000;

/** Looks again and again until there is something; fails when it takes too long, saying what for. */
export async function waitFor<Value>(
  what: string,
  look: () => Promise<Value | null | undefined | false>,
  ms = PATIENCE_MS,
): Promise<Value> {
  const deadline = Date.now() + ms;
  for (;;) {
    const value = await look();
    if (value !== null && value !== undefined && value !== false) return value;
    if (Date.now() > deadline) throw new Error(`waited ${ms / 1000} seconds in vain for ${what}`);
    await pause(15);
  }
}
