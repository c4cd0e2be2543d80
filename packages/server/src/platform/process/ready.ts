/** The first thing that a guarded process says. */
export const READY = 'ready';
