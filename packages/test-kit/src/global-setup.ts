import { prepareTemplate } from './database/template.ts';

/**
 * Before all system tests: a migrated template database on the server that TEST_DATABASE_URL names.
 */
export default async function setup(): Promise<() => Promise<void>> {
  const url = process.env['TEST_DATABASE_URL'];
  if (url === undefined)
    throw new Error('Set TEST_DATABASE_URL to a PostgreSQL 15+ that may create databases.');
  const template = await prepareTemplate(url);
  return () => template.drop();
}
