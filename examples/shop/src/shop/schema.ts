import { messageEventsTable } from '@carillon/connector';

/** Small numbers such as 0 and 1 are no external ids: programs send them when they have none. */
export const FIRST_CUSTOMER = 101;

/** The tables of a small shop, as its own developers might have made them. */
export const SCHEMA = `
CREATE TABLE customers (
  id int GENERATED ALWAYS AS IDENTITY (START WITH ${FIRST_CUSTOMER}) PRIMARY KEY,
  first_name text NOT NULL,
  last_name text NOT NULL,
  email text NOT NULL UNIQUE,
  language text NOT NULL,
  country text NOT NULL,
  timezone text NOT NULL,
  wants_mail boolean NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE orders (
  id int GENERATED ALWAYS AS IDENTITY (START WITH 1001) PRIMARY KEY,
  customer_id int NOT NULL REFERENCES customers,
  status text NOT NULL CHECK (status IN ('placed', 'paid', 'packed', 'shipped', 'delivered', 'cancelled')),
  items jsonb NOT NULL,
  total numeric(10, 2) NOT NULL,
  currency text NOT NULL DEFAULT 'EUR',
  carrier text,
  tracking_code text,
  placed_at timestamptz NOT NULL DEFAULT now(),
  shipped_at timestamptz,
  updated_at timestamptz NOT NULL DEFAULT now()
);
-- The stream of changes then tells whom a deleted order belonged to.
ALTER TABLE orders REPLICA IDENTITY FULL;
CREATE INDEX orders_by_customer ON orders (customer_id);
CREATE INDEX customers_by_change ON customers (updated_at, id);
CREATE INDEX orders_by_change ON orders (updated_at, id);

CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN NEW.updated_at := clock_timestamp(); RETURN NEW; END $$;
CREATE TRIGGER touch BEFORE UPDATE ON customers FOR EACH ROW EXECUTE FUNCTION touch();
CREATE TRIGGER touch BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION touch();

-- What came back: one row for each thing that happened to a message.
${messageEventsTable()};
CREATE INDEX message_events_by_message ON message_events (message_id);
`;

/** As the connector reads it. */
export interface Customer {
  readonly id: number;
  readonly first_name: string;
  readonly last_name: string;
  readonly email: string;
  readonly language: string;
  readonly country: string;
  readonly timezone: string;
  readonly wants_mail: boolean;
}

export interface OrderItem {
  readonly name: string;
  readonly quantity: number;
  /** Of one piece, as it is shown: "12.50". */
  readonly price: string;
}

export interface Order {
  readonly id: number;
  readonly customer_id: number;
  readonly status: string;
  readonly items: readonly OrderItem[];
  readonly total: string;
  readonly currency: string;
  readonly carrier: string | null;
  readonly tracking_code: string | null;
  readonly shipped_at: Date | null;
}
