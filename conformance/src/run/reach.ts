import type { Stage } from '../stage.ts';
import { exchange } from '../wire/exchange.ts';

/** The server does not answer, or the app's key does not open the app. For the person who typed them. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

/** Throws Unreachable, so that a wrong key is told once and not by every case. */
export async function reach({ url, app, appKey }: Stage): Promise<void> {
  const headers = { Authorization: `Key ${appKey}` };
  const answer = await exchange({ method: 'GET', url: `${url}/apps/${app}`, headers }).catch(
    (error: Error) => {
      throw new Unreachable(`${url} does not answer: ${error.message}`, { cause: error });
    },
  );
  if (answer.status === 200) return;
  throw new Unreachable(`${answer.asked} answered ${answer.status} ${answer.text}: check --app and --key`);
}
