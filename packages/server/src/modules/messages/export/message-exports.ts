import type { Channel } from '@carillon/wire';
import type { Database } from '../../../platform/database/database.ts';
import type { ExportFiles, ExportMaker } from '../../../platform/export-files/index.ts';
import { ApiError } from '../../../platform/http/api-error.ts';
import { isUuid } from '../../../platform/ids.ts';
import { findMessage } from '../view/message-view-store.ts';
import { readEndedDeliveries } from './export-store.ts';
import { writeActivity, writeHistory } from './write-csv.ts';

const ACTIVITY = 'message activity';
const HISTORY = 'message history';

export interface HistoryRequest {
  readonly events?: unknown;
  readonly email?: unknown;
}

/** Files of what became of a message, to be fetched by a link. */
export class MessageExports {
  readonly #database: Database;
  readonly #files: ExportFiles;

  constructor(database: Database, files: ExportFiles) {
    this.#database = database;
    this.#files = files;
  }

  /** Where the gzip CSV of everybody's fate will be. Throws ApiError `message-not-found`. */
  async activity(appId: string, id: string): Promise<string> {
    const { channel } = await this.#find(appId, id);
    const messageId = id.toLowerCase();
    const request = { appId, kind: ACTIVITY, subject: { message_id: messageId, channel } };
    return this.#files.request(request, (now) => ({
      name: `events_audience-activity-${messageId}-${channel}-${stampOf(now)}.csv.gz`,
    }));
  }

  /**
   * Where the CSV of those who were sent to, or who clicked, will be. Throws ApiError `history-events`,
   * `history-email`, `message-not-found`.
   */
  async history(appId: string, id: string, { events, email }: HistoryRequest): Promise<string> {
    if (events !== 'sent' && events !== 'clicked') throw new ApiError('history-events');
    const isAddress = typeof email === 'string' && /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email);
    if (email !== undefined && email !== null && !isAddress) throw new ApiError('history-email');
    await this.#find(appId, id);
    const messageId = id.toLowerCase();
    const request = { appId, kind: HISTORY, subject: { message_id: messageId, events } };
    // Its readers expect plain text.
    return this.#files.request(request, () => ({
      name: `history-${messageId}-${events}.csv`,
      packed: false,
    }));
  }

  async #find(appId: string, id: string): Promise<{ readonly channel: Channel }> {
    const message = isUuid(id) ? await findMessage(this.#database, appId, id) : undefined;
    if (message === undefined) throw new ApiError('message-not-found');
    return message;
  }
}

/** Makes those files, in a worker. */
export function messageExportMakers(database: Database): Record<string, ExportMaker> {
  return {
    [ACTIVITY]: ({ appId, subject }) =>
      writeActivity(
        readEndedDeliveries(database, appId, String(subject['message_id'])),
        subject['channel'] as Channel,
      ),
    [HISTORY]: ({ appId, subject }) =>
      writeHistory(
        readEndedDeliveries(database, appId, String(subject['message_id'])),
        subject['events'] === 'clicked' ? 'clicked' : 'sent',
      ),
  };
}

/** Digits, in the order of time: `2026-11-25T21-05-09UTC`. */
function stampOf(now: number): string {
  return `${new Date(now).toISOString().slice(0, 19).replaceAll(':', '-')}UTC`;
}
