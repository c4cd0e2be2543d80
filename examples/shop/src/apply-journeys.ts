import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { required } from '@carillon/client';
import type { Client } from '@carillon/client';
import { runJourneys } from '@carillon/journey-files';

const EXAMPLES = new URL('../../journeys/', import.meta.url);

interface Server {
  readonly url: string;
  readonly appId: string;
  readonly apiKey: string;
}

/**
 * The journeys of examples/journeys with what they name, as `carillon journeys apply` brings them over. Repeating it
 * changes nothing. Returns what it said.
 */
export async function applyJourneys(client: Client, { url, appId, apiKey }: Server): Promise<string[]> {
  for (const template of await read<{ name: string }>('data/templates.json')) {
    const { templates } = required(await client.templates.list());
    if (templates.every(({ name }) => name !== template.name)) {
      required(await client.templates.create({ isEmail: true, ...template }));
    }
  }
  const { segments } = required(await client.segments.list());
  for (const segment of await read<Parameters<Client['segments']['create']>[0]>('data/segments.json')) {
    if (segments.every(({ name }) => name !== segment.name)) required(await client.segments.create(segment));
  }
  const said: string[] = [];
  const say = (line: string) => void said.push(line);
  const env = { CARILLON_URL: url, CARILLON_APP_ID: appId, CARILLON_API_KEY: apiKey };
  const folder = fileURLToPath(new URL('journeys', EXAMPLES));
  const code = await runJourneys(['apply', folder], env, { out: say, error: say });
  if (code !== 0) throw new Error(said.join('\n'));
  return said;
}

async function read<One>(path: string): Promise<One[]> {
  return JSON.parse(await readFile(new URL(path, EXAMPLES), 'utf8')) as One[];
}
