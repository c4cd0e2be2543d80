import type { SecretBox } from '../../../platform/crypto/index.ts';
import type { WebhookMethod } from '../request/compose-request.ts';
import type { SigningSecrets } from '../request/webhook-signer.ts';

/** All that somebody has set of a webhook. It is sealed as a whole. */
export interface WebhookSettings extends SigningSecrets {
  readonly method: WebhookMethod;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Liquid; null for our JSON. */
  readonly body: string | null;
  /** Most requests at a time. */
  readonly connections: number;
  /** Seconds between tries. */
  readonly retrySchedule: readonly number[];
}

interface Place {
  readonly appId: string;
  readonly id: string;
}

export function sealSettings(box: SecretBox, place: Place, settings: WebhookSettings): Buffer {
  return box.seal(JSON.stringify(settings), placeOf(place));
}

export function openSettings(
  box: SecretBox,
  { config, ...place }: Place & { readonly config: Buffer },
): WebhookSettings {
  return JSON.parse(box.open(config, placeOf(place))) as WebhookSettings;
}

function placeOf({ appId, id }: Place) {
  return { appId, channel: `webhook ${id}` };
}
