-- The indexes of the newest users are for the list of users alone, and must not offer themselves to whoever
-- looks for one user by lane, id and app: while a table is small, or has no statistics, the planner takes them
-- for as cheap as the primary key, and keeps that plan for the life of a connection. A batch of 150 users then
-- read all users of the app 150 times. Nobody but the list compares the bytes of an app's id.
drop index users_newest;
create index users_newest on users (uuid_send(app_id), first_active, uuid_send(id));

drop index users_test;
create index users_test on users (uuid_send(app_id), first_active, uuid_send(id))
  where properties ? 'test_user_name';
