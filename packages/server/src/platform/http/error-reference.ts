import { catalogue } from '@carillon/wire';
import type { ErrorEntry } from '@carillon/wire';

/** The page docs/reference/errors.md, made from the catalogue itself. */
export function errorReference(): string {
  const entries = Object.entries<ErrorEntry>(catalogue);
  const statuses = [...new Set(entries.map(([, { status }]) => status))].sort((a, b) => a - b);
  return [
    '# Errors',
    '',
    '<!-- Made from packages/wire/src/errors.ts by `npm run generate`. -->',
    '',
    'Each route answers in one of two forms, whatever the status.',
    '',
    'Users, aliases, subscriptions and what is new here are **structured**:',
    '',
    '```json',
    '{"errors": [{"code": "request-1", "title": "Invalid UUID", "meta": {"onesignal_id": "123"}}]}',
    '```',
    '',
    'Messages, templates, segments, apps, API keys and players are **basic**:',
    '',
    '```json',
    '{"errors": ["Notification not found"]}',
    '```',
    '',
    'Tell errors apart by status and code; the sentences are for people. 429 and 503 may be retried after',
    '`Retry-After` seconds, 500 with care; nothing else changes by being repeated. Each answer carries',
    '`X-Request-Id`, which the server writes into its log.',
    '',
    ...statuses.flatMap((status) => section(status, entries)),
  ].join('\n');
}

function section(status: number, entries: readonly [string, ErrorEntry][]): string[] {
  const rows = entries
    .filter(([, entry]) => entry.status === status)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, entry]) => `| ${codeOf(key, entry)} | ${sentencesOf(entry)} | ${extraOf(entry)} |`);
  return [
    `## ${status}`,
    '',
    '| code | sentence | the basic form adds |',
    '| --- | --- | --- |',
    ...rows,
    '',
  ];
}

function codeOf(key: string, { code, empty }: ErrorEntry): string {
  if (empty) return '(empty `text/plain`)';
  return code === null ? '(none)' : `\`${code ?? key}\``;
}

function sentencesOf({ title, also = [] }: ErrorEntry): string {
  return [title, ...also]
    .map((text) => text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('>', '&gt;'))
    .join('<br>');
}

function extraOf({ extra, structured }: ErrorEntry): string {
  if (structured) return '(structured everywhere)';
  return extra === undefined ? '' : `\`${JSON.stringify(extra)}\``;
}
