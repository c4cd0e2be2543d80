import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MailingServer } from './fixtures/mailing-server.ts';

// oxlint-disable-next-line typescript/no-explicit-any
type Body = any;

const base64 = (text: string) => Buffer.from(text).toString('base64');
const p8 = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();
const serviceAccount = JSON.stringify({
  type: 'service_account',
  project_id: 'shop-12345',
  client_email: 'push@shop-12345.iam.example',
  private_key: generateKeyPairSync('rsa', { modulusLength: 2_048 })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString(),
});

const CREDENTIALS = {
  apns_p8: base64(p8),
  apns_key_id: 'ABC123DEFG',
  apns_team_id: 'DEF123GHIJ',
  apns_bundle_id: 'com.example.shop',
  apns_env: 'sandbox',
  fcm_v1_service_account_json: base64(serviceAccount),
};
const SHOWN = {
  apns_p8: '********',
  apns_key_id: 'ABC123DEFG',
  apns_team_id: 'DEF123GHIJ',
  apns_bundle_id: 'com.example.shop',
  apns_env: 'sandbox',
  apns_certificates: null,
  fcm_v1_service_account_json: '********',
};

let server: MailingServer;
let organizationKey: string;
let organizationId: string;

beforeAll(async () => {
  server = await MailingServer.start();
  organizationKey = server.carillon.organizationKey ?? '';
  organizationId = server.carillon.organizationId ?? '';
});
afterAll(() => server.stop());

const call = (method: string, path: string, body?: object) =>
  server.call(method, path, body, organizationKey);
const done = (method: string, path: string, body?: object): Promise<Body> =>
  server.done(method, path, body, organizationKey);

const newApp = (name: string, more: object = {}) =>
  done('POST', '/apps', { name, organization_id: organizationId, ...more });

describe('the push credentials of an app', () => {
  it('come with a new app, are shown masked, and are its providers from then on', async () => {
    const app = await newApp('With credentials', CREDENTIALS);
    expect(app).toMatchObject(SHOWN);
    expect(await done('GET', `/apps/${app.id}`)).toMatchObject(SHOWN);
    expect((await done('GET', '/apps')).find(({ id }: Body) => id === app.id)).toMatchObject(SHOWN);
    expect(await done('GET', `/apps/${app.id}/channels/ios_push`)).toMatchObject({
      kind: 'apns',
      key_id: 'ABC123DEFG',
      bundle_id: 'com.example.shop',
      environment: 'sandbox',
    });
    expect(await done('GET', `/apps/${app.id}/channels/android_push`)).toMatchObject({
      kind: 'fcm',
      project_id: 'shop-12345',
    });
  });

  it('are set, changed and taken away by PUT, and the audit log tells it without secrets', async () => {
    const { id } = await newApp('Changing');
    expect(await done('PUT', `/apps/${id}`, CREDENTIALS)).toMatchObject(SHOWN);
    await done('PUT', `/apps/${id}`, { apns_key_id: 'ZZZ123DEFG', apns_env: 'production' });
    expect(await done('GET', `/apps/${id}/channels/ios_push`)).toMatchObject({
      key_id: 'ZZZ123DEFG',
      environment: 'production',
    });
    await done('PUT', `/apps/${id}`, { fcm_v1_service_account_json: null });
    expect(await done('GET', `/apps/${id}`)).toMatchObject({ fcm_v1_service_account_json: null });
    expect(await done('GET', `/apps/${id}/channels/android_push`)).toMatchObject({ kind: 'sandbox' });

    const since = new Date(Date.now() - 3_600_000).toISOString();
    const { audit_logs: logs } = await done(
      'GET',
      `/organizations/${organizationId}/audit_logs?start_time=${since}`,
    );
    const ofApp = logs.filter(({ app_id }: Body) => app_id === id);
    const text = JSON.stringify(logs);
    expect(ofApp.map(({ action }: Body) => action).toSorted()).toEqual([
      'app.created',
      'app.updated',
      'app.updated',
      'provider_account.deleted',
      'provider_account.updated',
      'provider_account.updated',
      'provider_account.updated',
    ]);
    expect(text).not.toContain('PRIVATE KEY');
    expect(text).not.toContain(CREDENTIALS.apns_p8.slice(0, 40));
  });

  it('stay as they are when the app is sent back as it was read', async () => {
    const app = await newApp('As it was read', CREDENTIALS);
    expect((await call('PUT', `/apps/${app.id}`, app)).status).toBe(200);
    expect(await done('GET', `/apps/${app.id}`)).toMatchObject(SHOWN);
  });

  it('that will not do leave the app as it was', async () => {
    const { id } = await newApp('Untouched');
    const answer = await call('PUT', `/apps/${id}`, { ...CREDENTIALS, name: 'Touched', apns_p8: 'eA==' });
    expect(answer).toMatchObject({
      status: 400,
      body: { errors: [expect.stringMatching(/^apns_p8 must be the text of a \.p8 file/)] },
    });
    expect(await done('GET', `/apps/${id}`)).toMatchObject({ name: 'Untouched', apns_key_id: null });
    expect(await call('PUT', `/apps/${id}`, { gcm_key: 'AIza' })).toMatchObject({
      status: 400,
      body: { errors: [expect.stringMatching(/^gcm_key cannot be used: Google has ended/)] },
    });
    expect(
      await call('POST', '/apps', { name: 'x', organization_id: organizationId, apns_key_id: 'a' }),
    ).toMatchObject({ status: 400 });
  });
});
