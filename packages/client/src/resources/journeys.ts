import type {
  DuplicateJourneyBody,
  Journey,
  JourneyInput,
  JourneyPage,
  JourneySimulation,
  JourneySimulationBody,
  JourneyState,
  JourneyValidation,
  JourneyVersion,
  JourneyVersionPage,
} from '@carillon/wire';
import type { Answer } from '../failure.ts';
import { segment } from '../transport.ts';
import type { Transport } from '../transport.ts';

/** What a change names; null clears. */
export type JourneyPatch = Partial<JourneyInput> & {
  readonly state?: 'draft' | 'scheduled' | 'active' | 'paused' | 'archived';
  readonly concurrency_key?: string;
};

/** Routes of journeys. */
export class Journeys {
  readonly #transport: Transport;
  readonly #base: string;

  constructor(transport: Transport, appId: string) {
    this.#transport = transport;
    this.#base = `/apps/${segment(appId)}/journeys`;
  }

  /** Makes a draft. Not repeated after a lost answer: a second arrival would make a second journey. */
  create(input: JourneyInput, signal?: AbortSignal): Promise<Answer<Journey>> {
    return this.#transport.send({ method: 'POST', path: this.#base, body: input, repeatable: false, signal });
  }

  /** A merge patch: `{ state: 'active' }` starts it. */
  update(id: string, patch: JourneyPatch, signal?: AbortSignal): Promise<Answer<Journey>> {
    return this.#transport.send({
      method: 'PATCH',
      path: this.#one(id),
      body: patch,
      repeatable: true,
      signal,
    });
  }

  /** As `update`, and changes nothing: what the journey would be, or why it cannot be that. */
  tryUpdate(id: string, patch: JourneyPatch, signal?: AbortSignal): Promise<Answer<Journey>> {
    const call = { path: this.#one(id), query: { dry_run: true }, body: patch };
    return this.#transport.send({ method: 'PATCH', ...call, repeatable: true, signal });
  }

  /** One node by itself. Its kind and its id stay. */
  updateNode(
    id: string,
    nodeId: string,
    patch: Readonly<Record<string, unknown>>,
    signal?: AbortSignal,
  ): Promise<Answer<Journey>> {
    const path = `${this.#one(id)}/nodes/${segment(nodeId)}`;
    return this.#transport.send({ method: 'PATCH', path, body: patch, repeatable: true, signal });
  }

  /** What keeps it from going live. */
  validate(id: string, signal?: AbortSignal): Promise<Answer<JourneyValidation>> {
    const path = `${this.#one(id)}/validate`;
    return this.#transport.send({ method: 'POST', path, body: {}, repeatable: true, signal });
  }

  /** What would keep one from going live that is not there yet. */
  validateNew(input: JourneyInput, signal?: AbortSignal): Promise<Answer<JourneyValidation>> {
    const path = `${this.#base}/validate`;
    return this.#transport.send({ method: 'POST', path, body: input, repeatable: true, signal });
  }

  /** A draft that says the same. Not repeated after a lost answer: a second arrival would make a second one. */
  duplicate(id: string, body: DuplicateJourneyBody = {}, signal?: AbortSignal): Promise<Answer<Journey>> {
    const path = `${this.#one(id)}/duplicate`;
    return this.#transport.send({ method: 'POST', path, body, repeatable: false, signal });
  }

  /** Newest first, at most 50 at a time. */
  versions(
    id: string,
    query: { readonly cursor?: string; readonly limit?: number } = {},
    signal?: AbortSignal,
  ): Promise<Answer<JourneyVersionPage>> {
    const path = `${this.#one(id)}/versions`;
    return this.#transport.send({ method: 'GET', path, query, repeatable: true, signal });
  }

  version(id: string, version: number, signal?: AbortSignal): Promise<Answer<JourneyVersion>> {
    const path = `${this.#one(id)}/versions/${version}`;
    return this.#transport.send({ method: 'GET', path, repeatable: true, signal });
  }

  view(id: string, signal?: AbortSignal): Promise<Answer<Journey>> {
    return this.#transport.send({ method: 'GET', path: this.#one(id), repeatable: true, signal });
  }

  /** Newest first, at most 50 at a time. */
  list(
    query: {
      readonly cursor?: string;
      readonly limit?: number;
      readonly state?: readonly JourneyState[];
    } = {},
    signal?: AbortSignal,
  ): Promise<Answer<JourneyPage>> {
    return this.#transport.send({ method: 'GET', path: this.#base, query, repeatable: true, signal });
  }

  /** What it would have done in a past period. Changes nothing. */
  simulate(
    id: string,
    body: JourneySimulationBody,
    signal?: AbortSignal,
  ): Promise<Answer<JourneySimulation>> {
    const path = `${this.#one(id)}/simulate`;
    return this.#transport.send({ method: 'POST', path, body, repeatable: true, signal });
  }

  delete(id: string, signal?: AbortSignal): Promise<Answer<{ success: boolean }>> {
    return this.#transport.send({ method: 'DELETE', path: this.#one(id), repeatable: true, signal });
  }

  #one(id: string): string {
    return `${this.#base}/${segment(id)}`;
  }
}
