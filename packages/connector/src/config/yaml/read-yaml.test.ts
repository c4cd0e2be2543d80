import { expect, it } from 'vitest';
import { readYaml } from './read-yaml.ts';
import { CONFIG_SCHEMA } from './schema.ts';

const ENDS = `source: { kind: postgres, url: "\${DATABASE_URL}" }
target: { url: http://127.0.0.1:8080, appId: a, apiKey: b }
`;
const read = (text: string, environment = { DATABASE_URL: 'postgres://shop' }) =>
  readYaml('connector.config.yaml', text, CONFIG_SCHEMA, environment);
const users = (line: string) =>
  read(`${ENDS}users:\n  model: SELECT 1\n  key: id\n  dirtyWhen: { a: id }\n  ${line}\n`);

it('fills in variables of the environment, with what stands for them where they are not set', () => {
  expect(read(`${ENDS}home: "\${HOME_FOLDER:-kept/here}"\n`)).toMatchObject({
    source: { url: 'postgres://shop' },
    home: 'kept/here',
  });
});

it('says with line and column what is wrong: syntax, missing variables, names, types and words', () => {
  expect(() => read('source: {\n  kind: [')).toThrow(/^connector\.config\.yaml:\d+:\d+ is no YAML/);
  expect(() => read(ENDS, {} as never)).toThrow(
    'connector.config.yaml:1:32 source.url needs ${DATABASE_URL}',
  );
  expect(() => users('tagz: {}')).toThrow(
    'connector.config.yaml:7:9 users.tagz is not known here; there are model,',
  );
  expect(() => users('language: 7')).toThrow(
    'connector.config.yaml:7:13 users.language is a text; it is a number',
  );
  expect(() => users('onDelete: remove')).toThrow(
    ':7:13 users.onDelete is one of ignore, unsubscribe, delete; it is "remove"',
  );
  expect(() => users('subscriptions: [{ type: email }]')).toThrow(
    ':7:19 users.subscriptions.0 has no column',
  );
});

it('tells all faults at once', () => {
  expect(() => read(`${ENDS}home: 1\nevents: []\n`)).toThrow(/home is a text.*\n.*events is an object/);
});
