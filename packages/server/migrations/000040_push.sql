-- Push goes to many kinds of devices: which one a delivery went to, as the number that clients know.
-- Null on channels that are one kind.
alter table deliveries add column device_type smallint;

-- How a push message fared on each kind of device, beside the counts of its chunk: views add these up
-- and read no row of the ledger.
create table message_platforms (
  message_id uuid not null,
  lane int not null,
  device_type smallint not null,
  successful int not null,
  failed int not null,
  errored int not null,
  primary key (message_id, lane, device_type)
) with (fillfactor = 50);
