import { describeFailure } from '@carillon/client';
import type { Client } from '@carillon/client';
import type { Finding } from '../model/source.ts';
import type { TemplateNames } from './template-names.ts';

/** Asks for what the connector will need, and changes nothing. */
export async function checkTarget(
  client: Client,
  names: TemplateNames,
  templates: readonly string[],
): Promise<readonly Finding[]> {
  const list = await client.templates.list({ limit: 1 });
  if (!list.ok) {
    const refused = list.failure.kind === 'unauthorized';
    return [
      {
        what: 'target',
        state: 'refused',
        detail: describeFailure(list.failure),
        fix: refused ? 'give the app id and a key of that app' : 'start the server, or mend target.url',
      },
    ];
  }
  const findings: Finding[] = [
    { what: 'target', state: 'good', detail: 'answers and takes the key', fix: null },
  ];
  for (const template of new Set(templates)) {
    const found = await names.find(template);
    const there = found.ok && found.value !== null;
    findings.push({
      what: `template ${template}`,
      state: there ? 'good' : 'refused',
      detail: there ? 'is there' : 'is not there',
      fix: there ? null : 'create it (POST /templates), or name one that exists',
    });
  }
  return findings;
}
