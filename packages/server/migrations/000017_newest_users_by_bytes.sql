-- The index of the newest users must not offer itself to whoever looks for one user by id and app: since
-- PostgreSQL 18 it can be skipped through, and while a table has no statistics the planner takes that for as
-- cheap as the primary key. A batch of 150 users then read 1,700 pages more. The bytes of an id have its order.
drop index users_newest;
create index users_newest on users (app_id, first_active, uuid_send(id));

drop index users_test;
create index users_test on users (app_id, first_active, uuid_send(id)) where properties ? 'test_user_name';
