-- How many copies of a chunk's mails (email_bcc) the provider has taken.
alter table message_chunks add column copies int not null default 0;
