-- An SMSC tells what became of a text message by the name that it gave it. 14: the number of text messages
-- among kinds of devices.
create index deliveries_sms_by_ref on deliveries (ref) where device_type = 14 and ref is not null;
