import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '@carillon/test-kit';
import { MailingServer } from './fixtures/mailing-server.ts';

// oxlint-disable-next-line typescript/no-explicit-any
type Body = any;

let server: MailingServer;

beforeAll(async () => {
  server = await MailingServer.start({ CARILLON_SANDBOX: 'false' });
});
afterAll(() => server.stop());

const of = (path: string) => server.of(path);
const user = (name: string, plan: string) =>
  server.done('POST', of('users'), {
    identity: { external_id: name },
    properties: { tags: { plan } },
    subscriptions: [{ type: 'Email', token: `${name}@example.com` }],
  });
const setPlan = (name: string, plan: string) =>
  server.done('PATCH', of(`users/by/external_id/${name}`), { properties: { tags: { plan } } });

describe('a journey of a segment', () => {
  it('lets in who is there and who comes, tells where they are and why, and lets them go', async () => {
    await user('ann', 'free');
    await user('bob', 'vip');
    const segment: Body = await server.done('POST', of('segments'), {
      name: 'VIP',
      filters: [{ field: 'tag', key: 'plan', relation: '=', value: 'vip' }],
    });
    const template: Body = await server.done('POST', '/templates', {
      app_id: server.carillon.appId,
      name: 'T',
      isEmail: true,
      email_subject: 'Welcome',
      email_body: 'Hello',
    });
    const journey: Body = await server.done('POST', of('journeys'), {
      name: 'Welcome',
      audience: { kind: 'segment', included_segment_ids: [segment.id] },
      early_exit: { rules: { when_not_in_audience: true }, tag_on_early_exit: { left: 'yes' } },
      nodes: [
        { kind: 'tag', assignments: { greeted: 'yes' } },
        { kind: 'send_email', template_id: template.id },
        {
          kind: 'wait_until',
          branches: [{ condition: { kind: 'event_trigger', name: 'done' }, nodes: [] }],
        },
      ],
    });
    const path = of(`journeys/${journey.id}`);
    const where = (name: string): Promise<Body> =>
      server.done('GET', of(`users/by/external_id/${name}/journeys/${journey.id}`));
    const stepsOf = async (name: string): Promise<string[]> =>
      (await where(name)).runs.flatMap((run: Body) => run.steps.map((step: Body) => step.step));
    await server.done('PATCH', path, { state: 'active' });
    await until('the launch is over', async () => (await server.done('GET', path)).state === 'active');
    await until('bob is in by the launch', async () => (await stepsOf('bob')).includes('sent'));
    expect(await stepsOf('ann')).toEqual([]);

    await setPlan('ann', 'vip');
    await until('ann is in', async () => (await stepsOf('ann')).includes('sent'));
    const [annRun] = (await where('ann')).runs;
    expect(annRun).toMatchObject({ inside: true, node_id: journey.nodes[2].id });
    expect(annRun.steps[0]).toMatchObject({ step: 'entered', reason: 'segment' });
    const ann: Body = await server.done('GET', of('users/by/external_id/ann'));
    expect(ann.properties.tags).toMatchObject({ plan: 'vip', greeted: 'yes' });

    await setPlan('bob', 'free');
    await until('bob has left', async () => (await stepsOf('bob')).at(-1) === 'exited early');
    await server.done('POST', of('custom_events'), { events: [{ name: 'done', external_id: 'ann' }] });
    await until('ann is through', async () => (await stepsOf('ann')).at(-1) === 'completed');
    const stats: Body = await server.done('GET', `${path}/stats`);
    expect(stats).toMatchObject({ started: 2, completed: 1, exited_early: 1, in_progress: 0 });
    expect(await server.done('GET', `${path}/runs`)).toMatchObject({ runs: [], has_more: false });
    const { journeys }: Body = await server.done('GET', of('users/by/external_id/bob/journeys'));
    expect(journeys).toMatchObject([{ name: 'Welcome', runs: [], may_enter_again: { at: null } }]);
    const cancelled = await server.done('DELETE', of(`users/by/external_id/ann/journeys/${journey.id}`));
    expect(cancelled).toEqual({ cancelling: 0 });
  });
});
