-- Whether a journey waits until it is known who is in the segments it names. Those that are live know it by now, or are
-- launched by a worker that asks.
alter table journeys add column awaits_segments boolean not null default false;
update journeys set awaits_segments = true where state = 'processing';
