import type { PastOfUser } from './read-past.ts';
import type { SimulatedUser } from './simulate-user.ts';

/** Somebody, with what is stored of them and what comes of the journey. */
export interface SimulatedPerson extends PastOfUser {
  readonly lane: number;
  readonly simulated: SimulatedUser;
}

/** Whether something happened to them, in the simulation or really. */
export function isWorthTelling({ simulated, past }: SimulatedPerson): boolean {
  return simulated.runs.length + simulated.refusals.length + past.realRuns.length > 0;
}
