-- Limits of an app's own, and what has been taken of every limit in the window under way.

-- "limit" is requests in a window: 0 refuses every request, null is no limit. A class without a row
-- follows the server's settings.
create table rate_limits (
  app_id uuid not null references apps (id) on delete cascade,
  class text not null,
  "limit" int check ("limit" >= 0),
  window_seconds int not null check (window_seconds between 1 and 3600),
  updated_at timestamptz not null,
  primary key (app_id, class)
);

-- One row for each limit that is in use, written in place: used is what all processes have reserved in
-- the window that ends at ends_at (seconds since the epoch), granted the part of the last one to ask.
-- owner_id is an app, or an organization for calls about no app; address is '' where all callers
-- share a limit. Unlogged: losing it opens a new window, and nothing else.
create unlogged table rate_windows (
  owner_id uuid not null,
  class text not null,
  address text not null,
  "limit" int not null,
  window_seconds int not null,
  ends_at bigint not null,
  used int not null,
  granted int not null,
  primary key (owner_id, class, address)
) with (fillfactor = 50);
