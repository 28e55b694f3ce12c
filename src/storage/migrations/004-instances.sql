-- Who is answering calls: an instance whose lease ran out is gone, and others end its calls.
create table instances (
  id uuid primary key,
  started_at timestamptz not null default now(),
  lease_until timestamptz not null
);

-- No foreign key: a call is never refused because its instance is not written yet.
alter table calls add column instance_id uuid;
create index calls_going_on on calls (hotel_id) where ended_at is null;
