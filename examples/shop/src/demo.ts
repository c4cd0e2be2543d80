import { ConfigurationError, EmbeddedPostgresCannotRun } from '@carillon/server';
import { lineOf } from '@carillon/connector';
import { applyJourneys } from './apply-journeys.ts';
import { prepareApp } from './prepare-app.ts';
import { startConnector } from './run-connector.ts';
import { openShop } from './shop/open-shop.ts';
import { startPlatform } from './start-demo.ts';
import { SkippingClock } from './story/skipping-clock.ts';
import { step } from './story/steps.ts';
import { tellStory } from './story/tell-story.ts';
import { thingsToTry } from './things-to-try.ts';

const once = process.argv.includes('--once');

/** Ends everything, the last started first. */
const closers: (() => Promise<unknown>)[] = [];

async function run(): Promise<void> {
  const began = performance.now();
  const clock = new SkippingClock();
  console.log('');

  const platform = await step('Carillon starts', async () => {
    const platform = await startPlatform(clock);
    closers.push(
      () => platform.carillon.stop(),
      () => platform.client.close(),
    );
    return { saw: platform.url, value: platform };
  });

  const shop = await step('a shop with its own database', async () => {
    const shop = await openShop(platform.carillon.databaseUrl);
    closers.push(() => shop.pool.end());
    const { rows } = await shop.pool.query<{ customers: number; orders: number }>(
      'SELECT (SELECT count(*)::int FROM customers) AS customers, (SELECT count(*)::int FROM orders) AS orders',
    );
    const { customers, orders } = rows[0] ?? { customers: 0, orders: 0 };
    return { saw: `${customers} customers, ${orders} orders, ${shop.isNew ? 'new' : 'kept'}`, value: shop };
  });
  const settings = platform.keep(shop.url);

  await step('templates and a journey', async () => {
    await prepareApp(platform.client);
    return { saw: 'order-shipped, parcel-follow-up; the journey waits for order_shipped', value: null };
  });

  await step('three more journeys, from files', async () => {
    const said = await applyJourneys(platform.client, platform);
    return { saw: said.join('; '), value: null };
  });

  const told = { reading: '', pass: '', rejected: 0 };
  const connector = await step('the connector brings the customers over', async () => {
    const { default: config } = await import('../connector.config.ts');
    const connector = startConnector(config, (report) => {
      if (report.kind === 'reading') told.reading = `changes by ${report.mode}`;
      if (report.kind === 'pass') {
        told.pass = report.queued > 0 ? `${report.queued} rows compared` : 'they were brought over before';
      }
      if (report.kind === 'delivered') told.rejected += report.batch.rejected;
      const line = lineOf(report);
      if (line !== null && (!once || report.kind === 'trouble')) console.log(`        ${line}`);
    });
    closers.push(() => connector.stop());
    await connector.caughtUp;
    if (told.rejected > 0) {
      throw new Error(`${told.rejected} rows were refused: npm run connect -- status tells of them`);
    }
    return { saw: `${told.pass}, ${told.reading}`, value: connector };
  });

  if (once) {
    await tellStory({ url: platform.url, client: platform.client, shop: shop.pool, clock });
    console.log(`\n  All the way round in ${((performance.now() - began) / 1000).toFixed(1)} s.\n`);
    return;
  }
  console.log(await thingsToTry(settings, shop.pool));
  await Promise.race([interrupted(), connector.ended]);
  console.log('\n  Stopping.');
}

function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
}

async function end(): Promise<void> {
  for (const close of closers.toReversed()) await close().catch((error: unknown) => console.error(error));
}

/** 0 told to the end, 1 the step named in the message failed, 2 it cannot run here as it is set up. */
async function main(): Promise<number> {
  if (once) process.once('SIGINT', () => void end().finally(() => process.exit(130)));
  try {
    await run();
    return 0;
  } catch (error) {
    const cause: unknown = error instanceof Error ? (error.cause ?? error) : error;
    const expected = cause instanceof ConfigurationError || cause instanceof EmbeddedPostgresCannotRun;
    console.error(`\n  ${error instanceof Error ? error.message : String(error)}\n`);
    if (!expected && cause instanceof Error) console.error(cause.stack);
    return expected ? 2 : 1;
  } finally {
    await end();
  }
}

process.exitCode = await main();
