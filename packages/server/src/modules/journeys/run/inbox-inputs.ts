import type { CustomEventProperties } from '@carillon/wire';
import { EVENT_KIND } from '../../events/index.ts';
import type { InboxRow } from '../../lanes/index.ts';
import { JOURNEY_MESSAGE_KIND } from '../../messages/index.ts';
import { SEGMENT_KIND, SESSION_KIND } from '../../segments/index.ts';
import type { JourneyIndex } from './journey-index.ts';
import type { Input, MessageAction } from './run.ts';

/** Somebody ends runs of a user. */
export const CANCEL_KIND = 'journey_cancel';

export const JOURNEY_KINDS = [EVENT_KIND, JOURNEY_MESSAGE_KIND, SEGMENT_KIND, SESSION_KIND, CANCEL_KIND];

/** The payloads of all of them; which one it is, `kind` says. */
interface Payload {
  readonly id?: string;
  readonly name?: string;
  readonly properties?: CustomEventProperties;
  readonly messageId?: string;
  readonly journeyId?: string;
  readonly runId?: string | null;
  readonly runKey?: string | null;
  readonly nodeId?: string;
  readonly action?: string;
  readonly entered?: readonly string[];
  readonly left?: readonly string[];
}

export type JourneyInboxRow = InboxRow<Payload>;

/** What a row of the inbox asks of the user's runs, and of which. */
export interface RowInput {
  readonly row: JourneyInboxRow;
  readonly input: Input;
  /** Null: of all of them. */
  readonly only: {
    readonly journeyId: string;
    readonly runId: string | null;
    readonly runKey: string | null;
  } | null;
}

/** Null for what concerns no journey: most of what happens. */
export function inputOf(row: JourneyInboxRow, index: JourneyIndex): RowInput | null {
  const { kind, appId, payload, at } = row;
  switch (kind) {
    case EVENT_KIND: {
      const { id = '', name = '', properties = {} } = payload;
      if (index.startedBy(appId, name).length === 0 && !index.listensTo(appId, name)) return null;
      const event = { id, name, properties, timestamp: at.toISOString() };
      return { row, input: { kind: 'event', event, at: at.getTime() }, only: null };
    }
    case JOURNEY_MESSAGE_KIND:
      return messageInput(row, index);
    case SEGMENT_KIND: {
      const { entered = [], left = [] } = payload;
      if (!index.asksSegments(appId, [...entered, ...left])) return null;
      return { row, input: { kind: 'segments', entered, left }, only: null };
    }
    case SESSION_KIND:
      return index.asksSessions(appId) ? { row, input: { kind: 'session' }, only: null } : null;
    case CANCEL_KIND: {
      const { journeyId = '', runId = null, runKey = null } = payload;
      return { row, input: { kind: 'stop', reason: 'cancelled' }, only: { journeyId, runId, runKey } };
    }
    default:
      return null;
  }
}

export const ACTIONS: Readonly<Record<string, MessageAction>> = {
  delivered: 'received',
  opened: 'opened',
  clicked: 'clicked',
};

function messageInput(row: JourneyInboxRow, index: JourneyIndex): RowInput | null {
  const { journeyId = '', runId = null, nodeId, action = '' } = row.payload;
  const compiled = index.get(journeyId)?.compiled;
  const done = ACTIONS[action];
  const node = [...(compiled?.sendingNodes ?? [])].find((key) => compiled?.ids.get(key) === nodeId);
  if (node === undefined || done === undefined) return null;
  return { row, input: { kind: 'message', node, action: done }, only: { journeyId, runId, runKey: null } };
}
