-- People who have ended the texts from one of an app's numbers, and go on getting those from its others. number is the
-- person's and sender the app's, both without a plus and in lower case.
--   keyword               they have texted STOP to it
--   api                   somebody has put it there
create table sms_opt_outs (
  app_id uuid not null references apps (id) on delete cascade,
  number text not null,
  sender text not null,
  source text not null check (source in ('keyword', 'api')),
  created_at timestamptz not null,
  primary key (app_id, number, sender)
);

-- Of a STOP or a START: whether it is about all texts of the app, or about those from the number that it was sent to.
alter table inbound_sms add column scope text check (scope in ('app', 'sender'));
