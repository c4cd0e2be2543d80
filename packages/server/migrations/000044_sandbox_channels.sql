-- The sandbox takes in push and text messages too. account: through whose account at the receiver a message came,
-- a Twilio account SID or a system_id of SMPP; empty where there is none. uninstalled_at: since then the app is not
-- on the device that the message was for, and whatever is sent to that token is refused.
alter table sandbox_messages
  add column account text not null default '',
  add column uninstalled_at timestamptz,
  drop constraint sandbox_messages_fate_check,
  add constraint sandbox_messages_fate_check check (fate in ('delivered', 'bounced', 'undelivered'));
create index sandbox_messages_uninstalled on sandbox_messages (channel, recipient) where uninstalled_at is not null;
create index sandbox_messages_by_account on sandbox_messages (account) where account <> '';
