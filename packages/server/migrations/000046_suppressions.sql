-- Addresses that an app sends no email to, whoever has them. address is in lower case.
--   bounce                the receiving side has refused it for good
--   complaint             its person has reported a mail as spam
--   manual                somebody has put it there
-- detail: what the receiving side said.
create table suppressions (
  app_id uuid not null,
  address text not null,
  reason text not null check (reason in ('bounce', 'complaint', 'manual')),
  source text not null check (source in ('provider', 'api')),
  detail text,
  created_at timestamptz not null,
  primary key (app_id, address)
);
