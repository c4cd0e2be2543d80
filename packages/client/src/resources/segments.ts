import type {
  CreateSegmentBody,
  SegmentChanged,
  SegmentList,
  SegmentMember,
  SegmentMembers,
  SegmentPause,
  SegmentPreview,
  SegmentPreviewBody,
  SegmentView,
  UpdateSegmentBody,
} from '@carillon/wire';
import type { Answer } from '../failure.ts';
import { required } from '../failure.ts';
import { segment } from '../transport.ts';
import type { Transport } from '../transport.ts';

/** Routes of segments: names for filters, which messages are for. */
export class Segments {
  readonly #transport: Transport;
  readonly #path: string;

  constructor(transport: Transport, appId: string) {
    this.#transport = transport;
    this.#path = `/apps/${segment(appId)}/segments`;
  }

  /**
   * The id is made here when none is given. Not repeated after a lost answer: the second arrival would be told that
   * the id is taken.
   */
  create(input: CreateSegmentBody, signal?: AbortSignal): Promise<Answer<SegmentChanged>> {
    const body = { id: crypto.randomUUID(), ...input };
    return this.#transport.send({ method: 'POST', path: this.#path, body, repeatable: false, signal });
  }

  list(
    query: { readonly limit?: number; readonly offset?: number } = {},
    signal?: AbortSignal,
  ): Promise<Answer<SegmentList>> {
    return this.#transport.send({ method: 'GET', path: this.#path, query, repeatable: true, signal });
  }

  /** How many are in it; with `detail` also its name and filters. */
  view(
    id: string,
    { detail = false }: { readonly detail?: boolean } = {},
    signal?: AbortSignal,
  ): Promise<Answer<SegmentView>> {
    const call = {
      path: `${this.#path}/${segment(id)}`,
      query: { 'include-segment-detail': String(detail) },
    };
    return this.#transport.send({ method: 'GET', ...call, repeatable: true, signal });
  }

  /** `name` is always required; filters that are given replace all. */
  update(id: string, input: UpdateSegmentBody, signal?: AbortSignal): Promise<Answer<SegmentChanged>> {
    const path = `${this.#path}/${segment(id)}`;
    return this.#transport.send({ method: 'PATCH', path, body: input, repeatable: true, signal });
  }

  delete(id: string, signal?: AbortSignal): Promise<Answer<{ success: boolean }>> {
    const path = `${this.#path}/${segment(id)}`;
    return this.#transport.send({ method: 'DELETE', path, repeatable: true, signal });
  }

  /** Carillon only: no new message is for a paused segment. */
  pause(id: string, signal?: AbortSignal): Promise<Answer<SegmentPause>> {
    const path = `${this.#path}/${segment(id)}/pause`;
    return this.#transport.send({ method: 'POST', path, repeatable: true, signal });
  }

  /** Carillon only. */
  resume(id: string, signal?: AbortSignal): Promise<Answer<SegmentPause>> {
    const path = `${this.#path}/${segment(id)}/resume`;
    return this.#transport.send({ method: 'POST', path, repeatable: true, signal });
  }

  /** Carillon only: who would be in a segment before it is saved. Writes nothing. */
  preview(input: SegmentPreviewBody, signal?: AbortSignal): Promise<Answer<SegmentPreview>> {
    const path = `${this.#path}/preview`;
    return this.#transport.send({ method: 'POST', path, body: input, repeatable: true, signal });
  }

  /** Carillon only: one page of who is in a segment; `is_live` says whether that is kept, or was looked for now. */
  memberPage(
    id: string,
    query: { readonly limit?: number; readonly cursor?: string } = {},
    signal?: AbortSignal,
  ): Promise<Answer<SegmentMembers>> {
    const path = `${this.#path}/${segment(id)}/members`;
    return this.#transport.send({ method: 'GET', path, query, repeatable: true, signal });
  }

  /**
   * Carillon only: everybody in a segment, page after page; `limit` is the size of a page. Throws `CallFailed`.
   *
   * @example
   * for await (const { external_id } of client.segments.members(id)) console.log(external_id);
   */
  async *members(
    id: string,
    query: { readonly limit?: number } = {},
    signal?: AbortSignal,
  ): AsyncGenerator<SegmentMember, void, undefined> {
    for (let cursor: string | undefined; ;) {
      const page = required(
        await this.memberPage(id, cursor === undefined ? query : { ...query, cursor }, signal),
      );
      yield* page.members;
      if (page.next_cursor === undefined) return;
      cursor = page.next_cursor;
    }
  }
}
