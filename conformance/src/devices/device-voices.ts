import { androidVoice } from './android-voice.ts';
import type { DeviceVoice } from './device-voice.ts';
import { iosVoice } from './ios-voice.ts';
import { webVoice } from './web-voice.ts';

/** Each SDK at the root, where it calls today, and below the prefix of the old base address. */
export const deviceVoices: readonly DeviceVoice[] = [webVoice, androidVoice, iosVoice].flatMap((voice) => [
  voice,
  { ...voice, name: `${voice.name} (/api/v1)`, prefix: '/api/v1' as const },
]);
