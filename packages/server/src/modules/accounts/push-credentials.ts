import { ApiError } from '../../platform/http/api-error.ts';

const CREDENTIALS = [
  'apns_p8',
  'apns_p12',
  'apns_p12_password',
  'apns_key_id',
  'apns_team_id',
  'apns_bundle_id',
  'fcm_v1_service_account_json',
  'gcm_key',
  'safari_apns_p12',
  'safari_apns_p12_password',
];

/** Credentials that nothing here keeps are refused: dropping them in silence would look like success. */
export function refusePushCredentials(body: object): void {
  const found = CREDENTIALS.find((name) => ((body as Record<string, unknown>)[name] ?? null) !== null);
  if (found === undefined) return;
  throw new ApiError('request-invalid', {
    params: { field: found, rule: 'cannot be stored: this server does not send mobile push. Leave it out' },
  });
}
