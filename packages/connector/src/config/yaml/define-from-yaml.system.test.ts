import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { CommandLine } from '../../fixtures/command-line.ts';
import { eventually } from '../../fixtures/eventually.ts';
import { Opened } from '../../fixtures/opened.ts';

const opened = new Opened();
afterEach(() => opened.close());

describe('a configuration in YAML', () => {
  it(
    'brings users over and sends what triggers call for, as one in TypeScript does',
    { timeout: 60_000 },
    async () => {
      const shop = await opened.shop(2);
      const fake = await opened.fake();
      const folder = shop.home;
      writeFileSync(join(folder, 'users.sql'), 'SELECT c.* FROM customers c;\n');
      writeFileSync(
        join(folder, 'connector.config.yaml'),
        `name: ${shop.name}
home: ${folder}/kept
source: { kind: postgres, url: "\${SHOP_URL}" }
target: { url: "${fake.url}", appId: the-app, apiKey: the-key }
users:
  model: { file: users.sql }
  key: id
  dirtyWhen: { customers: id }
  externalId: customer-{id}
  language: language
  tags: { name: name }
  subscriptions: [{ type: email, column: email, enabled: opted_in }]
messages:
  order_shipped:
    on: { table: orders, becomes: { status: shipped } }
    to: { externalId: "customer-{customer_id}", channel: email }
    template: order-shipped
    data: { order_id: id }
`,
      );
      const line = new CommandLine(opened);
      const { child } = await line.startAnywhere(['watch'], folder, { SHOP_URL: shop.url });
      await eventually('2 users', () => fake.users.size === 2);
      expect(fake.users.get('customer-2')).toMatchObject({
        tags: { name: 'Customer 2' },
        properties: { language: 'en' },
      });
      await eventually('the beginning', async () => {
        const { output } = await line.runAnywhere(['--json', 'status'], folder, { SHOP_URL: shop.url });
        return (JSON.parse(output) as { told: { caughtUpAt: number | null } | null }).told?.caughtUpAt;
      });
      const order = await shop.addOrder(2, 'shipped');
      await eventually('the message', () => fake.messages.size === 1);
      expect([...fake.messages.values()]).toMatchObject([{ custom_data: { order_id: order } }]);
      child.kill('SIGKILL');
      const bad = await line.runAnywhere(['check'], folder);
      expect(bad).toMatchObject({ code: 2, errors: expect.stringContaining('connector.config.yaml:3:') });
    },
  );
});
