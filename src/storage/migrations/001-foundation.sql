create table hotels (
  id uuid primary key,
  name text not null,
  next_request_number integer not null default 101
);

create table rooms (
  hotel_id uuid not null references hotels,
  room text not null,
  primary key (hotel_id, room)
);

create table departments (
  hotel_id uuid not null references hotels,
  id text not null,
  name text not null,
  primary key (hotel_id, id)
);

create table stays (
  id uuid primary key,
  hotel_id uuid not null references hotels,
  room text not null,
  guest_name text not null,
  arrives_on date not null,
  leaves_on date not null
);
create index stays_by_room on stays (hotel_id, room);

create table calls (
  id uuid primary key,
  hotel_id uuid not null references hotels,
  carrier text not null,
  from_number text not null,
  to_number text not null,
  agent text not null,
  phase text not null,
  started_at timestamptz not null,
  ended_at timestamptz,
  end_reason text,
  duration_ms integer,
  first_audio_ms integer,
  stay_id uuid references stays,
  room text,
  transferred_to text
);
create index calls_by_start on calls (hotel_id, started_at desc);

-- Append-only: what happened in a call, in order.
create table call_events (
  call_id uuid not null references calls on delete cascade,
  sequence integer not null,
  at timestamptz not null,
  since_answer_ms integer not null,
  kind text not null,
  happening jsonb not null,
  primary key (call_id, sequence)
);

create table transcript_turns (
  call_id uuid not null references calls on delete cascade,
  turn_id text not null,
  turn_order integer not null,
  speaker text not null check (speaker in ('guest', 'agent')),
  text text not null,
  heard_ms integer,
  was_cut_off boolean not null default false,
  at timestamptz not null,
  primary key (call_id, turn_id)
);

create table service_requests (
  id uuid primary key,
  hotel_id uuid not null references hotels,
  number integer not null,
  version integer not null default 1,
  -- No foreign key: a request is never refused because the record of its call is late.
  call_id uuid,
  department text not null,
  summary text not null,
  normalised_summary text not null,
  details text,
  priority text not null check (priority in ('low', 'normal', 'high', 'urgent')),
  status text not null default 'new' check (status in ('new', 'accepted', 'in-progress', 'on-hold', 'done', 'cancelled')),
  room text,
  is_room_verified boolean not null default false,
  due_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (hotel_id, number)
);
create index service_requests_by_call on service_requests (call_id, department, normalised_summary);
create index service_requests_by_room on service_requests (hotel_id, room, created_at desc);
create index service_requests_by_time on service_requests (hotel_id, created_at desc);

create table service_request_history (
  id bigint generated always as identity primary key,
  request_id uuid not null references service_requests on delete cascade,
  version integer not null,
  at timestamptz not null default now(),
  changed_by text not null,
  what text not null
);
create index service_request_history_by_request on service_request_history (request_id, id);

create table tool_calls (
  id text not null,
  call_id uuid not null,
  tool text not null,
  path text not null check (path in ('native', 'function')),
  arguments text not null,
  outcome text not null check (outcome in ('ok', 'refused', 'failed')),
  result text not null,
  started_at timestamptz not null,
  duration_ms integer not null,
  primary key (call_id, id)
);

create table staff (
  id uuid primary key,
  hotel_id uuid not null references hotels,
  login text not null unique,
  name text not null,
  role text not null check (role in ('viewer', 'agent', 'manager', 'admin')),
  password_hash text not null,
  created_at timestamptz not null default now()
);

create table staff_sessions (
  token_hash text primary key,
  staff_id uuid not null references staff on delete cascade,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);

create table sign_in_tries (
  login text not null,
  at timestamptz not null default now()
);
create index sign_in_tries_by_login on sign_in_tries (login, at);

-- Append-only: who did what.
create table audit_log (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  who text not null,
  what text not null,
  subject text not null,
  details jsonb not null default '{}'
);
