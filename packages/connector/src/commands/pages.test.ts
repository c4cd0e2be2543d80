import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { readYaml } from '../config/yaml/read-yaml.ts';
import { CONFIG_SCHEMA } from '../config/yaml/schema.ts';
import { EXIT } from './exit-code.ts';

const read = (path: string) => readFileSync(fileURLToPath(new URL(path, import.meta.url)), 'utf8');
const commands = read('../../../../docs/guides/connector/commands.md');
const fields = read('../../../../docs/guides/connector/fields.md');

it('the page of commands names every command of the program, and no other', () => {
  const there = [...read('../cli.ts').matchAll(/\.command\('(\w+)'\)/g)].map(([, name]) => name);
  const table = commands.slice(0, commands.indexOf('## Rejects'));
  const told = [...table.matchAll(/^\| `(\w+)/gm)].map(([, name]) => name);
  expect(told.toSorted()).toEqual(there.toSorted());
});

it('the page of commands names every exit code, and no other', () => {
  const told = [...commands.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code));
  expect(told).toEqual(Object.values(EXIT));
});

it('the example in YAML is one that the program takes', () => {
  const [, example = ''] = /```yaml\n([\s\S]*?)```/.exec(fields) ?? [];
  const environment = { DATABASE_URL: 'a', CARILLON_URL: 'b', CARILLON_APP_ID: 'c', CARILLON_API_KEY: 'd' };
  expect(readYaml('example', example, CONFIG_SCHEMA, environment)).toMatchObject({ name: 'myshop' });
});

it('the page of fields names every field that YAML has at the top, in users and in messages', () => {
  const { users, messages, ...top } = CONFIG_SCHEMA.properties ?? {};
  const message = messages?.additionalProperties === false ? undefined : messages?.additionalProperties;
  const names = [top, users?.properties, message?.properties].flatMap((part) => Object.keys(part ?? {}));
  expect(names.length).toBeGreaterThan(20);
  expect(names.filter((name) => !fields.includes(name))).toEqual([]);
});
