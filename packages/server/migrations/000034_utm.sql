-- What links of an app's emails carry for web analytics: {"source": "shop"}. Null: nothing.
alter table app_policies add column utm jsonb;
