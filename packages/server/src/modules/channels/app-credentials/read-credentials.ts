import type { AppCredentials } from '@carillon/wire';
import { ApiError } from '../../../platform/http/api-error.ts';
import { invalidField } from '../../../platform/http/invalid-field.ts';
import type { ApnsEnvironment, ApnsSettings } from '../push/apns/apns-account.ts';
import { apnsCertificateKind } from '../push/apns/apns-certificate-kind.ts';
import { bundleIdOf } from '../push/apns/apns-app.ts';
import { apnsKind } from '../push/apns/apns-kind.ts';
import type { FcmSettings } from '../push/fcm/fcm-account.ts';
import { fcmKind } from '../push/fcm/fcm-kind.ts';
import { isMasked } from './masked.ts';

/** What an app has set itself, by the ways that the wire's app has fields for. */
export interface AppAccounts {
  readonly ios: ApnsSettings | null;
  readonly android: FcmSettings | null;
}

/** The same, as a request leaves it. Throws ApiError that names the wire's field. */
export function readCredentials(body: AppCredentials, before: AppAccounts): AppAccounts {
  refuseWhatHasEnded(body);
  return { ios: iosOf(body, before.ios), android: androidOf(body, before.android) };
}

/** Dropping them in silence would look like success. */
const OF_OLD_SAFARI = 'cannot be used: Safari takes web push, which needs no certificate. Leave it out';
const ENDED = {
  gcm_key: 'cannot be used: Google has ended the API that takes it. Give fcm_v1_service_account_json instead',
  safari_apns_p12: OF_OLD_SAFARI,
  safari_apns_p12_password: OF_OLD_SAFARI,
} as const;

function refuseWhatHasEnded(body: AppCredentials): void {
  for (const [name, rule] of Object.entries(ENDED)) {
    if (given(body[name as keyof typeof ENDED]) !== null) throw invalidField(name, rule);
  }
}

function iosOf(body: AppCredentials, before: ApnsSettings | null): ApnsSettings | null {
  const key = given(body.apns_p8);
  const certificate = given(body.apns_p12);
  if (key !== null && certificate !== null) {
    throw invalidField(
      'apns_p8',
      'cannot be combined with apns_p12: an app speaks to Apple with one of them',
    );
  }
  const environment = environmentOf(body) ?? before?.environment ?? 'production';
  const bundleId = given(body.apns_bundle_id) ?? before?.bundleId ?? null;
  const common = { environment, base_url: null };
  const address = before === null ? {} : { address: before.address };
  if (certificate !== null) {
    const password = given(body.apns_p12_password);
    const read = renamed(APNS_FIELDS, () =>
      apnsCertificateKind.read({
        kind: 'apns_certificate',
        ...common,
        bundle_id: needed('apns_bundle_id', bundleId, 'apns_p12'),
        p12: certificate,
        ...(password !== null && { p12_password: password }),
      }),
    );
    return { ...read, ...address };
  }
  if (key !== null) {
    const known = before?.kind === 'apns' ? before : null;
    const read = renamed(APNS_FIELDS, () =>
      apnsKind.read({
        kind: 'apns',
        ...common,
        bundle_id: needed('apns_bundle_id', bundleId, 'apns_p8'),
        key,
        key_id: needed('apns_key_id', given(body.apns_key_id) ?? known?.keyId ?? null, 'apns_p8'),
        team_id: needed('apns_team_id', given(body.apns_team_id) ?? known?.teamId ?? null, 'apns_p8'),
      }),
    );
    return { ...read, ...address };
  }
  return iosWithoutSecret(body, before, environment);
}

function iosWithoutSecret(
  body: AppCredentials,
  before: ApnsSettings | null,
  environment: ApnsEnvironment,
): ApnsSettings | null {
  if (before === null) {
    for (const name of ['apns_key_id', 'apns_team_id', 'apns_bundle_id'] as const) {
      if (given(body[name]) !== null)
        throw invalidField(name, 'says nothing without apns_p8 or apns_p12: give one');
    }
    return null;
  }
  const isCleared = before.kind === 'apns' ? body.apns_p8 === null : body.apns_p12 === null;
  if (isCleared) return null;
  const bundleId = given(body.apns_bundle_id) ?? before.bundleId;
  const app = renamed(APNS_FIELDS, () => ({ ...before, environment, bundleId: bundleIdOf(bundleId) }));
  if (app.kind !== 'apns') return app;
  return {
    ...app,
    keyId: given(body.apns_key_id) ?? app.keyId,
    teamId: given(body.apns_team_id) ?? app.teamId,
  };
}

function androidOf(body: AppCredentials, before: FcmSettings | null): FcmSettings | null {
  if (body.fcm_v1_service_account_json === null) return null;
  const account = given(body.fcm_v1_service_account_json);
  if (account === null) return before;
  const read = renamed(FCM_FIELDS, () => fcmKind.read({ kind: 'fcm', service_account: account }));
  return before === null ? read : { ...read, address: before.address };
}

function environmentOf({ apns_env: environment }: AppCredentials): ApnsEnvironment | null {
  if (environment === undefined) return null;
  return (environment ?? 'production') === 'production' ? 'production' : 'sandbox';
}

/** A value that says something: an app that is sent back as it was read has nulls and masks. */
function given(value: string | null | undefined): string | null {
  return value === null || value === undefined || value === '' || isMasked(value) ? null : value;
}

function needed(field: string, value: string | null, beside: string): string {
  if (value === null) throw invalidField(field, `is required beside ${beside}`);
  return value;
}

/** By the names that the kinds of accounts have for them. */
const APNS_FIELDS: Readonly<Record<string, string>> = {
  key: 'apns_p8',
  bundle_id: 'apns_bundle_id',
  p12: 'apns_p12',
};
const FCM_FIELDS: Readonly<Record<string, string>> = { service_account: 'fcm_v1_service_account_json' };

/** What `read` refuses is said of the wire's field. */
function renamed<Result>(names: Readonly<Record<string, string>>, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'request-invalid') throw error;
    const [field = '', ...members] = String(error.params['field']).split('.');
    const rule = String(error.params['rule']).replaceAll('p12_password', 'apns_p12_password');
    throw invalidField([names[field] ?? field, ...members].join('.'), rule);
  }
}
