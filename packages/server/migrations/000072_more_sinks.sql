-- Events also go to tables of MySQL, to NATS JetStream and to Kafka.
alter table event_streams drop constraint event_streams_kind_check;
alter table event_streams add constraint event_streams_kind_check
  check (kind in ('webhook', 'postgres', 'mysql', 'nats', 'kafka', 's3'));
