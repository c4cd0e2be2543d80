import type { Client } from '@carillon/client';
import type { Journey } from '@carillon/wire';
import { ask } from './ask.ts';

/** All journeys of the app that are not archived, each as a whole. */
export async function readJourneys(client: Client): Promise<readonly Journey[]> {
  const journeys: Journey[] = [];
  let cursor: string | undefined;
  do {
    const page = await ask(client.journeys.list(cursor === undefined ? {} : { cursor }));
    for (const { id, state } of page.journeys) {
      if (state !== 'archived') journeys.push(await ask(client.journeys.view(id)));
    }
    cursor = page.next_cursor;
  } while (cursor !== undefined);
  return journeys;
}
