-- Errors after which a device tries again by itself to get its token: they say nothing about a subscription
-- that has been healthy. Google Play services -8, -9, -11, -12; Huawei -25, -27; Firebase -29.
create function retries_by_itself(notification_types int) returns boolean
language sql immutable parallel safe
return coalesce(notification_types in (-8, -9, -11, -12, -25, -27, -29), false);
