import { SETTINGS, SETTING_NAMES } from './settings.ts';
import type { Setting, SettingName } from './settings.ts';

/** The page docs/reference/configuration.md, made from the settings themselves. */
export function configurationReference(): string {
  return [
    '# Configuration',
    '',
    '<!-- Made from packages/server/src/platform/config/settings.ts by `npm run generate`. -->',
    '',
    'A setting is read from the environment, else from the configuration file, else its default holds.',
    'The file is `carillon.config.json` in the working directory, or the one that `CARILLON_CONFIG` names:',
    'a JSON object such as `{"port": 3000, "logLevel": "debug"}`. At start everything that is wrong is told',
    'at once, and a summary without secrets is printed.',
    '',
    'With nothing set, Carillon runs an embedded PostgreSQL in `.carillon` and listens on 127.0.0.1:3000.',
    '',
    '| variable | in the file | must be | default |',
    '| --- | --- | --- | --- |',
    ...SETTING_NAMES.map(row),
    '',
    ...SETTING_NAMES.flatMap(section),
  ].join('\n');
}

function row(name: SettingName): string {
  const setting: Setting = SETTINGS[name];
  const otherwise = setting.otherwise === null ? 'see below' : `\`${String(setting.otherwise)}\``;
  return `| [\`${setting.variable}\`](#${setting.variable.toLowerCase()}) | \`${name}\` | ${setting.rule} | ${otherwise} |`;
}

function section(name: SettingName): string[] {
  const setting: Setting = SETTINGS[name];
  return [
    `## ${setting.variable}`,
    '',
    setting.about,
    '',
    '```sh',
    `${setting.variable}=${setting.example}`,
    '```',
    '',
  ];
}
