import type {
  AuditLogEvent,
  AuditLogPage,
  DeletedApp,
  Organization,
  UpdateOrganizationBody,
} from '@carillon/wire';
import { required } from '../failure.ts';
import type { Answer } from '../failure.ts';
import { segment } from '../transport.ts';
import type { Transport } from '../transport.ts';
import { ApiKeys } from './api-keys.ts';

export interface AuditLogQuery {
  /** From when on, ISO 8601. Required without `cursor`. */
  readonly start_time?: string;
  /** Up to when; up to now when absent. */
  readonly end_time?: string;
  /** `next_cursor` of the page before, with the same filters. */
  readonly cursor?: string;
  /** Entries on a page, at most 100. */
  readonly limit?: number;
  readonly app_ids?: readonly string[];
  /** Such as `app.created`. */
  readonly actions?: readonly string[];
  /** Ids of API keys. */
  readonly actor_ids?: readonly string[];
  readonly actor_emails?: readonly string[];
  /** Such as `api_key`. */
  readonly target_types?: readonly string[];
  readonly target_ids?: readonly string[];
  readonly ip_addresses?: readonly string[];
}

/** Routes of organizations. They take a key of the organization that is named. */
export class Organizations {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  view(id: string, signal?: AbortSignal): Promise<Answer<Organization>> {
    return this.#transport.send({ method: 'GET', path: pathOf(id), repeatable: true, signal });
  }

  update(id: string, input: UpdateOrganizationBody, signal?: AbortSignal): Promise<Answer<Organization>> {
    const call = { path: pathOf(id), body: input };
    return this.#transport.send({ method: 'PATCH', ...call, repeatable: true, signal });
  }

  /** The organization's own keys. */
  keys(id: string): ApiKeys {
    return new ApiKeys(this.#transport, pathOf(id));
  }

  /** How far an app that was deleted is erased. */
  deletedApp(id: string, appId: string, signal?: AbortSignal): Promise<Answer<DeletedApp>> {
    const path = `${pathOf(id)}/deleted_apps/${segment(appId)}`;
    return this.#transport.send({ method: 'GET', path, repeatable: true, signal });
  }

  /** One page of what was changed, the oldest first. */
  auditLogPage(id: string, query: AuditLogQuery, signal?: AbortSignal): Promise<Answer<AuditLogPage>> {
    const path = `${pathOf(id)}/audit_logs`;
    return this.#transport.send({ method: 'GET', path, query: { ...query }, repeatable: true, signal });
  }

  /**
   * Everything that was changed, page after page, the oldest first. Throws `CallFailed`.
   *
   * @example
   * const since = { start_time: '2026-11-01' };
   * for await (const entry of client.organizations.auditLog(id, since)) console.log(entry.action);
   */
  async *auditLog(
    id: string,
    query: AuditLogQuery,
    signal?: AbortSignal,
  ): AsyncGenerator<AuditLogEvent, void, undefined> {
    for (let cursor = query.cursor; ;) {
      const page: AuditLogPage = required(
        await this.auditLogPage(id, cursor === undefined ? query : { ...query, cursor }, signal),
      );
      yield* page.audit_logs;
      cursor = page.next_cursor;
      if (cursor === undefined) return;
    }
  }
}

function pathOf(id: string): string {
  return `/organizations/${segment(id)}`;
}
