-- How many mails a minute a provider is given for a receiving domain: {"gmail.com": 600}.
alter table provider_accounts add column domain_limits jsonb;
