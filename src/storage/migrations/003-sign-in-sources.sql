-- Tries count by where they come from, so that nobody locks out staff from elsewhere.
alter table sign_in_tries add column source text not null default '';
create index sign_in_tries_by_time on sign_in_tries (at);

-- Where an account has signed in from: written by a right password only.
create table sign_in_sources (
  login text not null references staff (login) on delete cascade on update cascade,
  source text not null,
  at timestamptz not null default now(),
  primary key (login, source)
);
