-- Whom a message leaves out so that the others can be compared with them: null for nobody.
alter table messages add column hold_out jsonb;
-- So many of `suppressed` were held out.
alter table message_chunks add column held_out int not null default 0;
