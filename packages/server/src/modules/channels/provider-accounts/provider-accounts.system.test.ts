import { FakeClock } from '@carillon/test-kit';
import { describe, expect, it } from 'vitest';
import { statement } from '../../../platform/database/database.ts';
import { newId } from '../../../platform/ids.ts';
import { createLog } from '../../../platform/log.ts';
import { channelsForTests, envelopeTo } from '../fixtures/channels-stage.ts';
import { ProviderHealth } from './provider-health.ts';

const stage = channelsForTests();
const keyOfEmail = async () => {
  const [first] = await stage().channels.emailProviders(stage().appId);
  return first?.account.key;
};

const url = () => `/apps/${stage().appId}/channels/email`;
const put = (body: object) =>
  fetch(`${stage().address}${url()}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const smtp = {
  kind: 'smtp',
  host: 'smtp.shop.example',
  port: 587,
  security: 'starttls',
  user: 'shop',
  password: 'hunter2',
  from_address: 'shop@shop.example',
};

const place = () => ({ appId: stage().appId, channel: 'email', name: 'main' });

describe('the provider of an app', () => {
  it('is the sandbox until another is set, and again when that is removed', async () => {
    expect(await stage().read(url())).toMatchObject({
      kind: 'sandbox',
      port: stage().sandbox.places.smtpPort,
    });
    expect((await put(smtp)).status).toBe(200);
    expect(await stage().read(url())).toMatchObject({
      kind: 'smtp',
      host: 'smtp.shop.example',
      has_password: true,
    });
    expect(await stage().channels.emailProviders(stage().appId)).toMatchObject([
      { account: { settings: { password: 'hunter2' } } },
    ]);
    await fetch(`${stage().address}${url()}`, { method: 'DELETE' });
    expect(await stage().read(url())).toMatchObject({ kind: 'sandbox' });
  });

  it('never shows its password, and keeps it sealed', async () => {
    expect(await (await put(smtp)).text()).not.toContain('hunter2');
    expect(await (await fetch(`${stage().address}${url()}`)).text()).not.toContain('hunter2');
    const stored = statement(
      'test.config',
      `select encode(config, 'escape') as config from provider_accounts`,
    );
    expect((await stage().test.database.rows<{ config: string }>(stored))[0]?.config).not.toContain(
      'hunter2',
    );
  });

  it('gets another key with every change', async () => {
    await put(smtp);
    const first = await keyOfEmail();
    await put(smtp);
    expect(await keyOfEmail()).not.toBe(first);
  });

  it('drops and counts when it is of the kind null', async () => {
    await put({ kind: 'null' });
    expect(await stage().send(envelopeTo('refuse@example.com'))).toEqual([{ state: 'sent', ref: null }]);
    expect(stage().channels.email.dropped).toBe(1);
    await fetch(`${stage().address}${url()}`, { method: 'DELETE' });
  });

  it('is refused when a field is wrong, and the answer names it', async () => {
    const response = await put({ ...smtp, port: 'many' });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('port');
  });

  it('that is down is told to everyone who asks, until it works again or other settings are made', async () => {
    const status = async () => (await stage().read<{ status: object }>(url())).status;
    expect(await status()).toEqual({ state: 'working' });
    const now = Date.now();
    const pause = { since: now - 60_000, until: now + 60_000, reason: '421 try\u0000 later' };
    stage().channels.health.note(place(), pause);
    stage().channels.health.note(place(), { ...pause, since: now });
    await stage().channels.health.settled();
    const since = new Date(pause.since).toISOString();
    const told = { state: 'paused', since, next_try_at: new Date(pause.until).toISOString() };
    expect(await status()).toEqual({ ...told, reason: '421 try later' });

    stage().channels.health.note(place(), null);
    await stage().channels.health.settled();
    expect(await status()).toEqual({ state: 'working' });

    stage().channels.health.note(place(), pause);
    await stage().channels.health.settled();
    await put(smtp);
    expect(await status()).toEqual({ state: 'working' });
    await fetch(`${stage().address}${url()}`, { method: 'DELETE' });
  });

  it('whose pause is over is being tried, and after ten minutes without a try it is no news', async () => {
    const clock = new FakeClock();
    const health = new ProviderHealth({
      database: stage().test.database,
      clock,
      log: createLog({ level: 'silent' }),
    });
    const pause = { since: clock.now(), until: clock.now() + 5_000, reason: '421' };
    const status = async () => (await health.statusesOf(stage().appId, 'email')).get('main');
    health.note(place(), pause);
    await health.settled();
    expect(await status()).toMatchObject({ state: 'paused' });
    await clock.advance(5_000);
    expect(await status()).toEqual({ state: 'trying', since: pause.since, reason: '421' });
    await clock.advance(600_000);
    expect(await status()).toBeUndefined();
    health.note({ ...place(), appId: newId() }, { ...pause, until: clock.now() + 5_000 });
    health.note(place(), null);
    await health.settled();
  });

  it('that another process changed is seen after a second', async () => {
    const clock = new FakeClock();
    const elsewhere = stage().elsewhere(clock, null);
    expect(await elsewhere.emailProviders(stage().appId)).toEqual([]);
    await put({ kind: 'null' });
    await clock.advance(1_000);
    expect(await elsewhere.emailProviders(stage().appId)).toMatchObject([
      { account: { settings: { kind: 'null' } } },
    ]);
    await fetch(`${stage().address}${url()}`, { method: 'DELETE' });
  });
});
