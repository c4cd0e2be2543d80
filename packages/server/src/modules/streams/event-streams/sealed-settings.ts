import type { SecretBox } from '../../../platform/crypto/index.ts';
import type { StreamSettings } from './stream-settings.ts';

interface StreamPlace {
  readonly appId: string;
  readonly id: string;
}

export function sealSettings(box: SecretBox, place: StreamPlace, settings: StreamSettings): Buffer {
  return box.seal(JSON.stringify(settings), placeOf(place));
}

export function openSettings(
  box: SecretBox,
  { config, ...place }: StreamPlace & { readonly config: Buffer },
): StreamSettings {
  return JSON.parse(box.open(config, placeOf(place))) as StreamSettings;
}

function placeOf({ appId, id }: StreamPlace) {
  return { appId, channel: `event stream ${id}` };
}
