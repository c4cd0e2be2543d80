import { Type } from 'typebox';
import type { Routes } from '../../../../platform/http/route.ts';
import { SANDBOX_MAIL_PROVIDERS } from '../mail-apis/providers.ts';
import type { SandboxPlaces } from '../places.ts';
import { localOnly } from './local-only.ts';

const address = Type.Object({ host: Type.String(), port: Type.Integer() });
const service = Type.Object({ url: Type.String() });
const places = Type.Object({
  smtp: address,
  apns: service,
  fcm: Type.Object({ url: Type.String(), token_url: Type.String() }),
  web_push: Type.Object({ url: Type.String(), subscriptions_url: Type.String() }),
  twilio: service,
  vonage: service,
  sns: service,
  mail_apis: Type.Object(Object.fromEntries(SANDBOX_MAIL_PROVIDERS.map((name) => [name, service]))),
  smpp: address,
});

/** `GET /sandbox/receivers`: where the receivers are reached, for a program that sends to them. */
export function sandboxPlacesRoutes(
  {
    host,
    smtpPort,
    apnsOrigin,
    fcmOrigin,
    webPushOrigin,
    twilioOrigin,
    vonageOrigin,
    snsOrigin,
    mailApisOrigin,
    smppPort,
  }: SandboxPlaces,
  { openToAll }: { readonly openToAll: boolean },
): Routes {
  return (http) => {
    http.get(
      '/sandbox/receivers',
      {
        config: { access: 'public', rate: 'unlimited', pages: 'own' },
        onRequest: openToAll ? [] : [localOnly],
        schema: { summary: 'Tell where the receivers of the sandbox listen', response: { 200: places } },
      },
      async () => ({
        smtp: { host, port: smtpPort },
        apns: { url: apnsOrigin },
        fcm: { url: fcmOrigin, token_url: `${fcmOrigin}/token` },
        web_push: { url: webPushOrigin, subscriptions_url: `${webPushOrigin}/subscriptions` },
        twilio: { url: twilioOrigin },
        vonage: { url: vonageOrigin },
        sns: { url: snsOrigin },
        mail_apis: Object.fromEntries(
          SANDBOX_MAIL_PROVIDERS.map((name) => [name, { url: `${mailApisOrigin}/${name}` }]),
        ),
        smpp: { host, port: smppPort },
      }),
    );
  };
}
