import type { Database } from '@carillon/server';
import type { Bench, Figures } from '../benchmark.ts';
import { percentile } from '../figures.ts';
import { callPlatform } from '../platform/call-platform.ts';
import type { CallPlatform } from '../platform/call-platform.ts';
import { fillAudience } from '../platform/fill-audience.ts';
import type { Platform } from '../platform/start-platform.ts';

/** Recipients of the broadcast: `--broadcast N` sends to another number. */
const RECIPIENTS = 1_000_000;

/**
 * What `calls` takes, again and again, while another app sends one message to all its people through an
 * account that drops every mail. Latencies in milliseconds.
 */
export async function besideBroadcast(
  bench: Bench,
  database: Database,
  platform: Platform,
  calls: () => Promise<readonly number[]>,
): Promise<Figures> {
  const recipients = bench.number('broadcast', RECIPIENTS);
  const { appId, call } = await otherApp(bench, platform);
  await fillAudience(database, appId, recipients);
  await call('PUT', `/apps/${appId}/channels/email`, { kind: 'null' });
  const { id } = await call<{ id: string }>('POST', '/notifications', {
    app_id: appId,
    target_channel: 'email',
    included_segments: ['Subscribed Users'],
    email_subject: 'News for {{ first_name }}',
    email_body: '<html><body><p>Hello {{ first_name }}, your {{ plan }} plan is ready.</p></body></html>',
  });
  const view = () =>
    call<{ completed_at: number | null; successful: number; queued_at: number }>(
      'GET',
      `/notifications/${id}?app_id=${appId}`,
    );
  const latencies: number[] = [];
  const from = performance.now();
  let before = await view();
  while (before.completed_at === null) {
    const found = await calls();
    const after = await view();
    const seconds = (performance.now() - from) / 1_000;
    // Calls after the broadcast's end had the server for themselves.
    if (after.completed_at !== null && latencies.length > 0) break;
    latencies.push(...found);
    bench.say(
      `beside a broadcast, ${after.successful} sent after ${seconds.toFixed(0)} s: p50 ${percentile(found, 0.5).toFixed(1)} ms, p99 ${percentile(found, 0.99).toFixed(1)} ms`,
    );
    before = after;
  }
  if (latencies.length === 0) bench.broken('the broadcast was over before the first call');
  return {
    beside_broadcast_p50_ms: percentile(latencies, 0.5),
    beside_broadcast_p99_ms: percentile(latencies, 0.99),
  };
}

/** An app beside the first one, with an account of its own. */
async function otherApp(
  bench: Bench,
  platform: Platform,
): Promise<{ readonly appId: string; readonly call: CallPlatform }> {
  const organization = callPlatform({ ...platform, appKey: platform.organizationKey });
  bench.afterwards(() => organization.close());
  const { organization_id } = (await organization<{ organization_id: string }[]>('GET', '/apps'))[0] ?? {};
  const { id: appId } = await organization<{ id: string }>('POST', '/apps', {
    name: 'News',
    organization_id,
  });
  const token = await organization<{ formatted_token: string }>('POST', `/apps/${appId}/auth/tokens`, {
    name: 'benchmark',
  });
  const call = callPlatform({ ...platform, appKey: token.formatted_token });
  bench.afterwards(() => call.close());
  return { appId, call };
}
