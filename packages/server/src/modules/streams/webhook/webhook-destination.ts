import type { Clock } from '../../../platform/clock.ts';
import type { Queryable } from '../../../platform/database/database.ts';
import { newTimedId } from '../../../platform/ids.ts';
import type { Outbound } from '../../../platform/outbound/index.ts';
import { beginningOf, postRequest, WebhookSigner } from '../../webhooks/index.ts';
import type { RenderedTexts, WebhookRenderer } from '../../webhooks/index.ts';
import type { Delivery, Destination, Outcome, StreamEvent } from '../destination.ts';
import type { Attempt } from '../event-streams/attempt-store.ts';
import type { WebhookStreamSettings } from '../event-streams/targets/webhook-target.ts';
import { readEventFacts } from '../facts/event-facts.ts';
import { objectsOf } from '../facts/event-objects.ts';
import type { Breaker } from '../../../platform/breaker.ts';
import { aboutOf } from './about.ts';
import { layTracks } from './lay-tracks.ts';
import { requestOf, templatesOf } from './request-of-events.ts';

export interface WebhookDestinationOptions {
  readonly database: Queryable;
  readonly clock: Clock;
  readonly outbound: Outbound;
  readonly renderer: WebhookRenderer;
}

const MOST_IN_A_ROUND = 1_000;
const UNTRIED: Outcome = { state: 'untried' };
const TAKEN: Outcome = { state: 'taken' };

/** One round on its way: what came of each event so far. */
interface Round {
  readonly events: readonly StreamEvent[];
  readonly rendered: readonly RenderedTexts[] | null;
  readonly breaker: Breaker;
  readonly outcomes: Outcome[];
  readonly attempts: Attempt[];
  /** Users of whom an event was not taken: what comes after it waits. */
  readonly blocked: Set<string>;
}

/** Requests to an address. Several go at a time, and those of one user one after the other. */
export class WebhookDestination implements Destination {
  readonly most = MOST_IN_A_ROUND;
  readonly patienceMs = 0;
  readonly isWhole = false;
  readonly #options: WebhookDestinationOptions;
  readonly #appId: string;
  readonly #settings: WebhookStreamSettings;
  readonly #signer: WebhookSigner;

  constructor(options: WebhookDestinationOptions, appId: string, settings: WebhookStreamSettings) {
    this.#options = options;
    this.#appId = appId;
    this.#settings = settings;
    this.#signer = new WebhookSigner(settings);
  }

  async deliver(events: readonly StreamEvent[], breaker: Breaker): Promise<Delivery> {
    const round: Round = {
      events,
      rendered: await this.#render(events),
      breaker,
      outcomes: events.map(() => UNTRIED),
      attempts: [],
      blocked: new Set(),
    };
    const { batch, connections } = this.#settings;
    const tracks = layTracks(events, Math.min(connections, Math.ceil(events.length / batch)));
    await Promise.all(tracks.map((track) => this.#goAlong(track, round)));
    return round;
  }

  async close(): Promise<void> {}

  async #render(events: readonly StreamEvent[]): Promise<readonly RenderedTexts[] | null> {
    const templates = templatesOf(this.#settings);
    if (templates === null) return null;
    const { database, renderer } = this.#options;
    const facts = await readEventFacts(database, this.#appId, events);
    const scopes = events.map(({ event }, n) =>
      objectsOf(this.#appId, event, facts[n]?.message, facts[n]?.person),
    );
    return renderer.render(templates, scopes);
  }

  async #goAlong(track: readonly number[], round: Round): Promise<void> {
    const { batch } = this.#settings;
    let next = 0;
    while (next < track.length && round.breaker.mayGoOn) {
      const places: number[] = [];
      for (; next < track.length && places.length < batch; next += 1) {
        const place = track[next] ?? 0;
        if (this.#isReady(place, round)) places.push(place);
      }
      if (places.length > 0) await this.#send(places, round);
    }
  }

  #isReady(place: number, { events, rendered, blocked, outcomes, breaker }: Round): boolean {
    const { userKey } = events[place]!;
    if (blocked.has(userKey)) return false;
    const text = rendered?.[place];
    if (text === undefined || text.ok) return true;
    blocked.add(userKey);
    breaker.noteFailure({ afterMs: null, isWhole: false });
    outcomes[place] = { state: 'failed', reason: text.reason, afterMs: null };
    return false;
  }

  /** A batch that is refused is halved until it is known which events are: one bad one holds up no others. */
  async #send(places: readonly number[], round: Round): Promise<void> {
    const { breaker, outcomes, events, blocked } = round;
    const outcome = await this.#post(places, round);
    if (outcome.state === 'taken') {
      breaker.noteTaken();
      for (const place of places) outcomes[place] = TAKEN;
      return;
    }
    if (outcome.state === 'failed' && !outcome.isTrouble && places.length > 1) {
      const middle = places.length >> 1;
      for (const half of [places.slice(0, middle), places.slice(middle)]) {
        const ready = half.filter((place) => !blocked.has(events[place]!.userKey));
        if (ready.length > 0 && breaker.mayGoOn) await this.#send(ready, round);
        else for (const place of half) blocked.add(events[place]!.userKey);
      }
      return;
    }
    const afterMs = outcome.state === 'failed' ? outcome.afterMs : null;
    breaker.noteFailure({ afterMs, isWhole: places.length > 1 || outcome.state === 'gone' });
    for (const place of places) {
      outcomes[place] =
        outcome.state === 'gone' ? outcome : { state: 'failed', reason: outcome.reason, afterMs };
      blocked.add(events[place]!.userKey);
    }
  }

  async #post(places: readonly number[], { events, rendered, attempts }: Round) {
    const { clock } = this.#options;
    const told = places.map((place) => events[place]!.event);
    const parts =
      rendered === null
        ? null
        : places.map((place) => {
            const text = rendered[place];
            return text?.ok === true ? text.texts : [];
          });
    const at = clock.now();
    const request = requestOf(this.#settings, this.#signer, told, parts, at);
    const { outcome, status, milliseconds, answer } = await postRequest(this.#options, request);
    attempts.push({
      id: newTimedId(at),
      at,
      outcome: outcome.state === 'taken' ? 'taken' : 'failed',
      status,
      milliseconds,
      events: told.length,
      about: aboutOf(told),
      reason: outcome.state === 'taken' ? null : outcome.reason,
      request: request.body === null ? null : beginningOf(request.body),
      answer,
    });
    return outcome;
  }
}
