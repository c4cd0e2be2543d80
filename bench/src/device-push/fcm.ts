import { FcmChannel, sandboxFcmSettings, systemClock } from '@carillon/server';
import { compareWithBare } from './compare-with-bare.ts';
import { fcmAccessToken } from './fcm-access-token.ts';

/** As long as FCM's are. */
const tokenOf = (index: number) => `device:${index.toString(36).padStart(152, 'A')}`;

export const fcm = compareWithBare({
  service: 'fcm',
  name: 'FCM',
  channel: () => new FcmChannel({ clock: systemClock, outboundAllowed: [] }),
  settings: sandboxFcmSettings,
  tokenOf,
  async bareRequests(first, { origin, settings }) {
    const headers = { ...first.headers, authorization: `Bearer ${await fcmAccessToken(origin)}` };
    const path = `/v1/projects/${settings.projectId}/messages:send`;
    const { message } = first.payload as { message: object };
    return (index) => ({
      path,
      headers,
      body: JSON.stringify({ message: { ...message, token: tokenOf(index) } }),
    });
  },
});
