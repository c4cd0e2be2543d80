-- Where a subscription of a request is and goes.
--   existing              the user was there before the request
--   key                   what stands for it in tokens
--   place                 before the request: new, here (with this user) or elsewhere; gone is a lost race
--   first                 the first entry of its request about this subscription: the only one that counts
--   switched              it turns enabled on or off; ignored: what it says about that does not count
create type subscription_place as (
  asked subscription_write, lane int, user_id uuid, existing boolean, source text, touch boolean,
  type text, key text, subscription_id uuid, from_lane int, from_user_id uuid, place text, first boolean,
  enabled boolean, notification_types int, switched boolean
);
