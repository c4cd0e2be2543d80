-- Mails of the sandbox are also reported as bounced for the moment, and as spam.
alter table sandbox_messages
  drop constraint sandbox_messages_fate_check,
  add constraint sandbox_messages_fate_check
    check (fate in ('delivered', 'bounced', 'undelivered', 'soft_bounced', 'complained'));
