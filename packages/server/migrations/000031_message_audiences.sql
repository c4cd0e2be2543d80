-- Whom a message is for where its chunks have no targets: what includes, what excludes, and what is true of
-- everyone in it, as conditions that are evaluated when it is sent. Null is everyone who can be reached.
alter table messages add column audience jsonb;
