import { inEveryVoice, withOrganization } from '../case.ts';
import type { Case } from '../case.ts';
import type { Caller } from '../wire/caller.ts';
import { absent, each, holding, without } from '../wire/checks.ts';
import { expectAnswer, expectSentence, textAt } from '../wire/expect-answer.ts';
import { auditLogEvent } from './models.ts';

const DAY_MS = 86_400_000;

/** Yesterday, so that clocks may differ. */
function since(): string {
  return `start_time=${new Date(Date.now() - DAY_MS).toISOString()}`;
}

function logOf(organizationId: string): string {
  return `/organizations/${organizationId}/audit_logs?${since()}`;
}

function log(caller: Caller, query: string) {
  return caller.callAsOrganization('GET', `/organizations/${caller.organization.id}/audit_logs?${query}`);
}

/** Three changes of a key, and its id. */
async function changeKey(caller: Caller): Promise<string> {
  const keys = `/apps/${caller.app}/auth/tokens`;
  const created = await caller.callAsOrganization('POST', keys, { name: caller.newName('audited') });
  const id = textAt(created, 'token_id');
  await caller.callAsOrganization('POST', `${keys}/${id}/rotate`);
  await caller.callAsOrganization('DELETE', `${keys}/${id}`);
  return id;
}

export const auditCases: readonly Case[] = [
  withOrganization(
    inEveryVoice(['listAuditLogs'], 'tells what was changed, the oldest first', async (caller) => {
      const id = await changeKey(caller);
      const told = (action: string) => ({
        ...auditLogEvent,
        action,
        organization_id: caller.organization.id,
        app_id: caller.app,
        targets: [{ type: 'api_key', id }],
      });
      expectAnswer(await log(caller, `${since()}&target_ids=${id}`), 200, {
        audit_logs: [told('api_key.created'), told('api_key.rotated'), told('api_key.deleted')],
        has_more: false,
        next_cursor: absent,
      });
    }),
  ),
  withOrganization(
    inEveryVoice(['listAuditLogs'], 'goes page by page with a cursor and no times', async (caller) => {
      const filter = `target_ids=${await changeKey(caller)}&limit=2`;
      const first = await log(caller, `${since()}&${filter}`);
      expectAnswer(first, 200, {
        audit_logs: [{ action: 'api_key.created' }, { action: 'api_key.rotated' }],
        has_more: true,
      });
      const cursor = encodeURIComponent(textAt(first, 'next_cursor'));
      expectAnswer(await log(caller, `${filter}&cursor=${cursor}`), 200, {
        audit_logs: [{ action: 'api_key.deleted' }],
        has_more: false,
      });
    }),
  ),
  withOrganization(
    inEveryVoice(['listAuditLogs'], 'takes filters that are repeated, and clamps limit', async (caller) => {
      const id = await changeKey(caller);
      const two = 'actions=api_key.created&actions=api_key.deleted&target_types=api_key';
      expectAnswer(await log(caller, `${since()}&target_ids=${id}&${two}&limit=500`), 200, {
        audit_logs: [{ action: 'api_key.created' }, { action: 'api_key.deleted' }],
      });
      expectAnswer(await log(caller, `${since()}&target_ids=${id}&limit=0`), 200, {
        audit_logs: [{ action: 'api_key.created' }],
        has_more: true,
      });
      const elsewhere = `${since()}&target_ids=${id}&ip_addresses=192.0.2.1`;
      expectAnswer(await log(caller, elsewhere), 200, { audit_logs: [], has_more: false });
    }),
  ),
  withOrganization(
    inEveryVoice(
      ['listAuditLogs'],
      'leaves in what is of no app when it is asked for apps',
      async (caller) => {
        const id = await changeKey(caller);
        const other = await log(caller, `${since()}&app_ids=${caller.newId()}`);
        expectAnswer(other, 200, { audit_logs: each({ ...auditLogEvent, app_id: absent }) });
        expectAnswer(other, 200, { audit_logs: without({ targets: holding({ id }) }) });
      },
    ),
  ),
  withOrganization(
    inEveryVoice(['listAuditLogs'], 'refuses what it cannot answer with 400', async (caller) => {
      expectSentence(await log(caller, 'limit=5'), 400, /^start_time /);
      expectSentence(await log(caller, 'start_time=yesterday'), 400, /^start_time /);
      expectSentence(await log(caller, 'start_time=2001-01-01T00:00:00Z'), 400, /^start_time /);
      expectSentence(await log(caller, `${since()}&end_time=2001-01-01T00:00:00Z`), 400, /^end_time /);
      expectSentence(await log(caller, 'cursor=abc'), 400, /^cursor /);
      const eleven = `&app_ids=${caller.newId()}`.repeat(11);
      expectSentence(await log(caller, `${since()}${eleven}`), 400, /^app_ids must have at most 10 /);
      const many = '&actions=a.b'.repeat(21);
      expectSentence(await log(caller, `${since()}${many}`), 400, /^actions must have at most 20 /);
    }),
  ),
  withOrganization(
    inEveryVoice(
      ['listAuditLogs'],
      "opens to the organization's own key alone, and else answers 403",
      async (caller) => {
        const own = logOf(caller.organization.id);
        expectAnswer(await caller.call('GET', own), 403);
        expectAnswer(await caller.callWithoutKey('GET', own), 403);
        expectAnswer(await caller.callAsOrganization('GET', logOf(caller.newId())), 403);
      },
    ),
  ),
];
