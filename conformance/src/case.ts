import type { Device } from './devices/device.ts';
import type { OperationName } from './operations/operations.ts';
import type { Stage } from './stage.ts';
import type { Caller } from './wire/caller.ts';

export type ClientName = 'onesignal-node' | 'onesignal-api-client-core';

interface Common {
  /** A sentence about behaviour. */
  readonly title: string;
  /** What it shows to work, and fails when it fails. */
  readonly operations: readonly OperationName[];
  readonly needsOrganization: boolean;
}

/** Requests as clients are documented to send them. */
export interface WireCase extends Common {
  readonly kind: 'wire';
  /** Run in each voice of the server-side clients; otherwise in the first only. */
  readonly inEveryVoice: boolean;
  readonly run: (caller: Caller) => Promise<void>;
}

/** Requests as device SDKs send them. Run in the voice of each of them. */
export interface DeviceCase extends Common {
  readonly kind: 'device';
  readonly run: (on: OnDevice) => Promise<void>;
}

export interface OnDevice {
  readonly device: Device;
  /** What the app's own backend does meanwhile. */
  readonly server: Caller;
}

/** A method of a freely licensed client. */
export interface ClientCase extends Common {
  readonly kind: 'client';
  readonly client: ClientName;
  readonly method: string;
  readonly run: (stage: Stage) => Promise<void>;
}

/** Something that clients do or need, tried against a running server. Throws when it is not so. */
export type Case = WireCase | DeviceCase | ClientCase;

type Run = WireCase['run'];
type Operations = readonly OperationName[];

/** In every voice. */
export function inEveryVoice(operations: Operations, title: string, run: Run): WireCase {
  return { kind: 'wire', inEveryVoice: true, operations, title, run, needsOrganization: false };
}

/** In one voice: for what no voice changes, or what brings headers of its own. */
export function once(operations: Operations, title: string, run: Run): WireCase {
  return { kind: 'wire', inEveryVoice: false, operations, title, run, needsOrganization: false };
}

/** On every kind of device. */
export function onEveryDevice(operations: Operations, title: string, run: DeviceCase['run']): DeviceCase {
  return { kind: 'device', operations, title, run, needsOrganization: false };
}

/** The same case for a run that has an organization's key. */
export function withOrganization(one: WireCase): WireCase {
  return { ...one, needsOrganization: true };
}
