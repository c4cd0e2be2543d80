import type { Client } from '@carillon/client';
import { ask } from './ask.ts';
import type { Side } from './fault.ts';

const ON_A_PAGE = 300;

export interface Summary {
  readonly id: string;
  readonly name: string;
  readonly read_only: boolean;
  readonly is_active: boolean;
}

/** All segments of an app. `turn` is waited for before each call. */
export async function readSegments(
  side: Side,
  client: Client,
  turn: () => Promise<void>,
): Promise<readonly Summary[]> {
  const found: Summary[] = [];
  for (let total = Infinity; found.length < total;) {
    await turn();
    const page = await ask(side, client.segments.list({ limit: ON_A_PAGE, offset: found.length }));
    found.push(...page.segments);
    total = page.segments.length === 0 ? 0 : page.total_count;
  }
  return found;
}
