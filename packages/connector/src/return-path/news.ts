import { join } from 'node:path';
import type { FeedEvent } from '@carillon/wire';
import type { Connector } from '../config/config.ts';
import { sealOf } from '../home/seal.ts';
import { SpoolReader, SpoolWriter } from '../home/spool.ts';
import type { Reject } from '../model/reject.ts';
import { toldConsent } from '../model/told-consents.ts';

/** What a receiver hands on to whoever watches: the state of a home is written by one process only. */
export interface News {
  /** Events that say something of consent. */
  readonly events: readonly FeedEvent[];
  readonly rejects: readonly Reject[];
}

type Place = Pick<Connector, 'home' | 'homeKeys'>;

/** Bodies as they came, for the table. */
export function receivedDirectory(home: string): string {
  return join(home, 'received');
}

export function openNewsReader({ home, homeKeys }: Place): SpoolReader {
  return SpoolReader.open(newsDirectory(home), sealOf(homeKeys));
}

export function openNewsWriter({ home, homeKeys }: Place): Promise<SpoolWriter> {
  return SpoolWriter.open(newsDirectory(home), sealOf(homeKeys));
}

/** Returns when it is on the disk. */
export async function handOn(writer: SpoolWriter, { events, rejects }: News): Promise<void> {
  const told = events.filter((event) => toldConsent(event) !== null);
  if (told.length === 0 && rejects.length === 0) return;
  const news: News = { events: told, rejects };
  // The table keeps the rest.
  const text = JSON.stringify(news, (name, value: unknown) => (name === 'raw' ? undefined : value));
  await writer.append(Buffer.from(text));
}

export function newsOf(record: Buffer): News {
  return JSON.parse(record.toString()) as News;
}

export function newsDirectory(home: string): string {
  return join(home, 'received-news');
}
