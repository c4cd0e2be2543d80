import { prepareTemplate } from './database/template.ts';
import { startTestServer } from './database/test-server.ts';

/** Around all system tests: a server, and on it a migrated template database that each file copies. */
export default async function setup(): Promise<() => Promise<void>> {
  const server = await startTestServer();
  const template = await prepareTemplate(server.url).catch(async (error: unknown) => {
    await server.stop();
    throw error;
  });
  return async () => {
    try {
      await template.drop();
    } catch (error) {
      // The runner prints it and would still end with 0.
      process.exitCode = 1;
      throw error;
    } finally {
      await server.stop();
    }
  };
}
