/** The move of an app from OneSignal to Carillon. */
export { runMove } from './run-move.ts';
