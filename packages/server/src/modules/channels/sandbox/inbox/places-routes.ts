import { Type } from 'typebox';
import type { Routes } from '../../../../platform/http/route.ts';
import { SANDBOX_MAIL_PROVIDERS } from '../mail-apis/providers.ts';
import type { SandboxPlaces } from '../places.ts';
import { localOnly } from './local-only.ts';

const address = Type.Object({ host: Type.String(), port: Type.Integer() });
const service = Type.Object({ url: Type.String() });
const withTokens = Type.Object({ url: Type.String(), token_url: Type.String() });
const places = Type.Object({
  smtp: address,
  apns: service,
  fcm: withTokens,
  web_push: Type.Object({ url: Type.String(), subscriptions_url: Type.String() }),
  huawei: withTokens,
  adm: withTokens,
  twilio: service,
  vonage: service,
  sns: service,
  mail_apis: Type.Object(Object.fromEntries(SANDBOX_MAIL_PROVIDERS.map((name) => [name, service]))),
  smpp: address,
});

/** `GET /sandbox/receivers`: where the receivers are reached, for a program that sends to them. */
export function sandboxPlacesRoutes(
  at: SandboxPlaces,
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
        smtp: { host: at.host, port: at.smtpPort },
        apns: { url: at.apnsOrigin },
        fcm: { url: at.fcmOrigin, token_url: `${at.fcmOrigin}/token` },
        web_push: { url: at.webPushOrigin, subscriptions_url: `${at.webPushOrigin}/subscriptions` },
        huawei: { url: at.huaweiOrigin, token_url: `${at.huaweiOrigin}/oauth2/v3/token` },
        adm: { url: at.admOrigin, token_url: `${at.admOrigin}/auth/O2/token` },
        twilio: { url: at.twilioOrigin },
        vonage: { url: at.vonageOrigin },
        sns: { url: at.snsOrigin },
        mail_apis: Object.fromEntries(
          SANDBOX_MAIL_PROVIDERS.map((name) => [name, { url: `${at.mailApisOrigin}/${name}` }]),
        ),
        smpp: { host: at.host, port: at.smppPort },
      }),
    );
  };
}
