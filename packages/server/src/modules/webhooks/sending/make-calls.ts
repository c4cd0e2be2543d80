import type { Breaker } from '../../../platform/breaker.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { Queryable } from '../../../platform/database/database.ts';
import { newTimedId } from '../../../platform/ids.ts';
import type { Outbound } from '../../../platform/outbound/index.ts';
import type { Attempt, WebhookPlace } from '../attempts/attempt-store.ts';
import type { DueCall } from '../calls/call-store.ts';
import { callObjects } from '../calls/call-objects.ts';
import type { AppObjects, CallObjects } from '../calls/call-objects.ts';
import { callRequest, templatesOf } from '../calls/call-request.ts';
import { findPeople } from '../calls/person-store.ts';
import type { WebhookSettings } from '../definition/webhook-settings.ts';
import type { RenderedTexts } from '../liquid/render-work.ts';
import type { WebhookRenderer } from '../liquid/webhook-renderer.ts';
import type { WebhookRequest } from '../request/compose-request.ts';
import { WebhookSigner } from '../request/webhook-signer.ts';
import { beginningOf, postRequest } from '../request/post-request.ts';
import type { PostResult } from '../request/post-request.ts';
import type { CallOutcome } from './settle-calls.ts';

export interface MakeCallsOptions {
  readonly database: Queryable;
  readonly clock: Clock;
  readonly outbound: Outbound;
  readonly renderer: Pick<WebhookRenderer, 'render'>;
  /** What templates can say of an app. */
  readonly appObjects: (appId: string) => Promise<AppObjects>;
  /** For a test with somebody who is made up. */
  readonly findPeople?: typeof findPeople;
}

/** So long new requests of a round are begun: what came of them is to be written down soon. */
const BEGIN_MS = 2_000;
const LONGEST_URL = 2_048;
const NOBODY: CallOutcome = { state: 'void', reason: 'the user is not there any more' };
const UNTRIED: CallOutcome = { state: 'untried' };

export interface MadeCalls {
  /** In the order of the calls. */
  readonly outcomes: readonly CallOutcome[];
  readonly attempts: readonly Attempt[];
}

/** A call ready to be made: what Liquid sees of it, and what came of it. */
interface ReadyCall {
  readonly call: DueCall;
  readonly place: number;
  readonly objects: CallObjects;
  readonly text: RenderedTexts;
}

/**
 * Makes the calls of one webhook, several at a time, each once. Never rejects because of the other side or the network.
 * When the breaker says so, or the time is up, the rest stays untried.
 */
export async function makeCalls(
  options: MakeCallsOptions,
  place: WebhookPlace,
  settings: WebhookSettings,
  calls: readonly DueCall[],
  breaker: Breaker,
): Promise<MadeCalls> {
  const outcomes: CallOutcome[] = calls.map(() => UNTRIED);
  const attempts: Attempt[] = [];
  const { ready, gone } = await readyCalls(options, place, settings, calls);
  for (const { n, call } of gone) {
    outcomes[n] = NOBODY;
    attempts.push(attemptOf(options.clock.now(), call, { outcome: NOBODY, request: null, result: null }));
  }
  const signer = new WebhookSigner(settings);
  // From when they are ready: the process that renders may have to be started first.
  const until = performance.now() + BEGIN_MS;
  let next = 0;
  const track = async () => {
    while (next < ready.length && breaker.mayGoOn && performance.now() < until) {
      const one = ready[next++]!;
      const { outcome, attempt } = await makeCall(options, settings, signer, one);
      outcomes[one.place] = outcome;
      attempts.push(attempt);
      if (outcome.state === 'taken') breaker.noteTaken();
      else {
        const afterMs = outcome.state === 'failed' ? outcome.afterMs : null;
        breaker.noteFailure({ afterMs, isWhole: outcome.state === 'gone' });
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(settings.connections, ready.length) }, track));
  return { outcomes, attempts };
}

/** Whom the calls are about as they are now, and the texts filled in: one statement and one piece of rendering for all. */
async function readyCalls(
  { database, renderer, appObjects, findPeople: find = findPeople }: MakeCallsOptions,
  { appId }: WebhookPlace,
  settings: WebhookSettings,
  calls: readonly DueCall[],
): Promise<{ ready: ReadyCall[]; gone: { readonly n: number; readonly call: DueCall }[] }> {
  const [app, people] = await Promise.all([appObjects(appId), find(database, appId, calls)]);
  const known: Omit<ReadyCall, 'text'>[] = [];
  const gone: { n: number; call: DueCall }[] = [];
  for (const [n, call] of calls.entries()) {
    const person = people.get(call.userId);
    if (person === undefined) gone.push({ n, call });
    else known.push({ call, place: n, objects: callObjects(app, person, call.origin, call.context) });
  }
  const templates = templatesOf(settings);
  const texts =
    templates.length === 0
      ? null
      : await renderer.render(
          templates,
          known.map(({ objects }) => objects),
        );
  const ready = known.map((one, n) => ({ ...one, text: texts?.[n] ?? { ok: true as const, texts: [] } }));
  return { ready, gone };
}

async function makeCall(
  options: MakeCallsOptions,
  settings: WebhookSettings,
  signer: WebhookSigner,
  { call, objects, text }: ReadyCall,
): Promise<{ readonly outcome: CallOutcome; readonly attempt: Attempt }> {
  const now = options.clock.now();
  if (!text.ok) {
    const outcome = { state: 'failed', reason: text.reason, afterMs: null } as const;
    return { outcome, attempt: attemptOf(now, call, { outcome, request: null, result: null }) };
  }
  const { id, createdAt } = call;
  const request = callRequest(settings, signer, text.texts, objects, { id, createdAt, now });
  const result = await postRequest(options, request);
  const { outcome } = result;
  return { outcome, attempt: attemptOf(now, call, { outcome, request, result }) };
}

function attemptOf(
  at: number,
  { id: callId, userId, attempts, origin }: DueCall,
  made: {
    readonly outcome: CallOutcome;
    readonly request: WebhookRequest | null;
    readonly result: PostResult | null;
  },
): Attempt {
  const { outcome, request, result } = made;
  return {
    id: newTimedId(at),
    at,
    callId,
    userId,
    number: attempts + 1,
    outcome: outcome.state === 'taken' ? 'taken' : outcome.state === 'void' ? 'given_up' : 'failed',
    status: result?.status ?? null,
    milliseconds: result?.milliseconds ?? 0,
    about: [callId, userId, origin.journey_id, origin.node_id, origin.run_id],
    reason: outcome.state === 'taken' || outcome.state === 'untried' ? null : outcome.reason,
    url: request === null ? null : beginningOf(request.url).slice(0, LONGEST_URL),
    request: request?.body === null || request === null ? null : beginningOf(request.body),
    answer: result?.answer ?? null,
  };
}
