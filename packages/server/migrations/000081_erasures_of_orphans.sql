-- Users who were deleted with the last of their aliases and subscriptions were kept with a text in the place of empty
-- lists, and what is held about them was never erased: each attempt failed. Now it is, at once.
update erasures
set person = person || '{"subscriptions": [], "aliases": [], "addresses": []}', due_at = requested_at
where state <> 'done' and jsonb_typeof(person -> 'subscriptions') = 'string';
