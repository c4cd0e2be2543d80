import { deviceVoices } from '../devices/device-voices.ts';
import { countFailed, countPassed } from '../run/outcome.ts';
import type { Outcome } from '../run/outcome.ts';
import { serverVoices } from '../wire/voice.ts';
import { clientRows } from './client-row.ts';
import { operationRows } from './operation-row.ts';
import type { OperationRow } from './operation-row.ts';

export const PAGE = new URL('../../../docs/reference/conformance.md', import.meta.url);

/** docs/reference/conformance.md, made from a run. */
export function conformancePage(outcome: Outcome): string {
  const rows = operationRows(outcome);
  const open = rows.filter(isPublic);
  const passed = open.filter(({ state }) => state === 'passed').length;
  return `# Conformance

<!-- Made by \`npm run conformance -- --write\`. -->

How far this server answers as clients of the OneSignal API need it. Of the ${open.length} operations of the public
API, **${passed} pass**, ${open.filter(({ state }) => state === 'failed').length} fail and ${open.filter(({ state }) => state === 'not yet').length} are not yet there. The run behind this page: ${countPassed(outcome)} cases passed,
${countFailed(outcome)} failed.

\`npm run conformance\` repeats it against a server and a database of its own. To ask a running server:

\`\`\`sh
npm run conformance -- --url http://localhost:3000 --app <app id> --key <app key> \\
  [--organization <organization id> --organization-key <key>]
\`\`\`

That leaves users, apps and a few messages to addresses at example.com behind: use an app for tests.

## What a case is

A case sends what official clients are documented to send, and checks what they need in the answer: the
status, the exact words of documented errors, the types and spellings that typed clients decode. Each answer
to any request must have a Content-Type, never an empty body with a 2xx, errors in a form that clients
read, and Retry-After with 429 and 503. Most cases run in each of these voices:

${serverVoices.map(({ name }) => `- ${name}`).join('\n')}

What devices do runs in each of theirs. They know the app's id and have no key:

${deviceVoices.map(({ name }) => `- ${name}`).join('\n')}

OneSignal's own SDKs are not used, because their licences allow it only with OneSignal's service.

An operation that passes may lack documented parts. They are named, and the run makes sure that the
server refuses each of them instead of doing less than asked. A few that clients send along without
depending on them are taken and ignored.

## Operations

| Operation | State | Cases | Remarks |
| --- | --- | --- | --- |
${open.map(tableRow).join('\n')}

## Devices and old clients

The same users, subscriptions and custom events as above, called by devices, count there. Here is what only
devices and old clients call. Where it says *not yet*, the server answers 404 or 405: it gives an SDK no
configuration to start with, and takes no opens, receipts, outcomes and in-app messages.
[Devices](../guides/devices.md) tells the flows.

| Operation | State | Cases | Remarks |
| --- | --- | --- | --- |
${rows
  .filter((row) => !isPublic(row))
  .map(tableRow)
  .join('\n')}

## Clients

Freely licensed clients, unchanged, with what they call.

| Client | Pointed at the server by | Passed | Failed | Not yet |
| --- | --- | --- | --- | --- |
${clientRows(outcome)
  .map(
    ({ client, pointedBy, passed, failed, notYet }) =>
      `| ${[client, pointedBy, list(passed), list(failed), list(notYet)].join(' | ')} |`,
  )
  .join('\n')}
`;
}

function tableRow({ name, route, state, cases, note }: OperationRow): string {
  return `| \`${route}\` ${name} | ${state === 'passed' ? '**passed**' : state} | ${cases === 0 ? '' : cases} | ${note} |`;
}

function list(methods: readonly string[]): string {
  return methods.length === 0 ? 'none' : methods.join(', ');
}

function isPublic({ area }: OperationRow): boolean {
  return area !== 'Devices' && area !== 'Legacy';
}
