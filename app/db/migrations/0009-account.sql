-- Who may sign in. Only the owner reads these tables: no grant and no policy for the role app.
-- The columns are better-auth's under our names; auth.server.ts holds the map.
create table account (
  id uuid primary key,
  person_id uuid not null references person (id),
  username text not null,          -- as compared: lower case, a phone number without spaces
  display_username text not null,  -- as typed
  name text not null,
  email text not null,             -- made up under .invalid; people need none
  email_verified boolean not null default false,
  image text,
  is_disabled boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint person_has_one_account unique (person_id),
  constraint account_username_is_unique unique (username),
  constraint account_email_is_unique unique (email),
  constraint account_username_is_plain check (username = lower(normalize(username, nfc)) and username ~ '^\S{3,60}$')
);

create table account_session (
  id uuid primary key,
  account_id uuid not null references account (id) on delete cascade,
  token text not null,
  expires_at timestamptz not null,
  ip_address text,
  user_agent text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint account_session_token_is_unique unique (token)
);
create index account_session_by_account on account_session (account_id);

create table account_credential (
  id uuid primary key,
  account_id uuid not null references account (id) on delete cascade,
  provider text not null,          -- credential: a password of our own
  provider_account_id text not null,
  password text,                   -- argon2id
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint account_credential_is_unique unique (provider, provider_account_id)
);
create index account_credential_by_account on account_credential (account_id);

create table account_verification (
  id uuid primary key,
  identifier text not null,
  value text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index account_verification_by_identifier on account_verification (identifier);

-- Made once a database where the deployment sets none: sessions then outlive a restart.
create table deployment_secret (
  key text primary key,
  value text not null
);

alter table account enable row level security;
alter table account_session enable row level security;
alter table account_credential enable row level security;
alter table account_verification enable row level security;
alter table deployment_secret enable row level security;

-- The number that a submission is receipted with: the last audit entry of this transaction, null when it noted none.
-- The session's sequence may still hold the number of an earlier transaction, hence the comparison of instants.
create function receipt_number() returns bigint
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
  return (select audit_entry.id from audit_entry
          where audit_entry.id = currval(pg_get_serial_sequence('audit_entry', 'id')) and audit_entry.at = now());
exception when object_not_in_prerequisite_state then
  return null;
end $$;
grant execute on function receipt_number() to app;
