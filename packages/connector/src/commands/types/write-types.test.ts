import { expect, it } from 'vitest';
import { typeName, writeTypes } from './write-types.ts';

it('writes an interface a table, with null where a column may be null', () => {
  const columns = [
    { name: 'id', type: 'number', nullable: false },
    { name: 'crm id', type: 'string', nullable: true },
    { name: 'extra', type: 'unknown', nullable: true },
  ];
  expect(writeTypes([{ name: 'order_items', key: ['id'], columns }])).toContain(
    'export interface OrderItems {\n  id: number;\n  "crm id": string | null;\n  extra: unknown;\n}',
  );
});

it('names types so that TypeScript takes them, and no two alike', () => {
  expect(['orders', 'sales.order_items', '2024'].map(typeName)).toEqual([
    'Orders',
    'SalesOrderItems',
    'Table2024',
  ]);
  const tables = ['a_b', 'a.b'].map((name) => ({ name, key: [], columns: [] }));
  expect(writeTypes(tables).match(/interface \w+/g)).toEqual(['interface AB', 'interface AB_']);
});
