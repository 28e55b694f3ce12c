-- Tool servers of others: what staff defined, what of them was approved, what was asked, who may use our own tools.

create table mcp_servers (
  hotel_id uuid not null references hotels (id),
  label text not null,
  version integer not null default 1,
  -- Without its secrets.
  definition jsonb not null,
  -- AES-256-GCM: nonce, ciphertext and tag; null when there are none.
  secrets bytea,
  -- Which key they were encrypted with.
  secrets_key_id text,
  created_by text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (hotel_id, label)
);

-- Servers from the file that staff switched on or off.
create table mcp_server_switches (
  hotel_id uuid not null references hotels (id),
  label text not null,
  is_enabled boolean not null,
  changed_by text not null,
  changed_at timestamptz not null default now(),
  primary key (hotel_id, label)
);

-- What staff approved: the tool as it was listed then, and its hash.
create table mcp_tools (
  hotel_id uuid not null references hotels (id),
  label text not null,
  tool text not null,
  hash text not null,
  listed jsonb not null,
  approved_by text not null,
  approved_at timestamptz not null default now(),
  primary key (hotel_id, label, tool)
);

create table approvals (
  id uuid primary key,
  hotel_id uuid not null references hotels (id),
  call_id uuid not null,
  server text not null,
  tool text not null,
  arguments text not null,
  path text not null,
  asked_at timestamptz not null,
  expires_at timestamptz not null,
  decision text check (decision in ('approved', 'denied', 'expired', 'cancelled')),
  decided_by text,
  decided_at timestamptz
);
create index approvals_open on approvals (hotel_id, expires_at) where decision is null;

-- Tokens that staff gave to assistants of the hotel, by their hash.
create table access_tokens (
  id uuid primary key,
  hotel_id uuid not null references hotels (id),
  name text not null,
  token_hash text not null unique,
  scopes text[] not null,
  created_by text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  revoked_at timestamptz,
  last_used_at timestamptz
);

-- Which server a tool is of (null: ours), how much it gave, and why it failed.
alter table tool_calls drop constraint tool_calls_path_check;
alter table tool_calls add constraint tool_calls_path_check check (path in ('native', 'function', 'client'));
alter table tool_calls add column server text;
alter table tool_calls add column result_bytes integer;
alter table tool_calls add column error text;
create index tool_calls_by_tool on tool_calls (server, tool, started_at);
