-- How an account is activated, its second factor, the browsers that know it, and attempts as they are counted. Only the owner reads
-- these tables; whoever works as a viewer passes through the functions below, which ask who that is.

alter table account_session add column used_at timestamptz not null default now();

-- One-time codes, kept as argon2id under the deployment's secret: equal codes have equal hashes, so that one is found by what was typed.
create table account_code (
  id uuid primary key,
  account_id uuid not null references account (id) on delete cascade,
  hash bytea not null,
  given_by uuid not null references person (id),
  given_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz,
  voided_at timestamptz,
  constraint account_code_is_unique unique (hash),
  constraint account_code_ends_once check (used_at is null or voided_at is null),
  constraint account_code_lasts check (expires_at > given_at)
);
create unique index account_has_one_open_code on account_code (account_id) where used_at is null and voided_at is null;
create index account_code_by_account on account_code (account_id);

create table account_second_factor (
  account_id uuid primary key references account (id) on delete cascade,
  secret text not null,                  -- sealed under the deployment's secret
  confirmed_at timestamptz,              -- null: shown, but no code made with it was typed yet
  last_step bigint not null default 0    -- of the last code that was taken: none is taken twice
);
create table account_recovery_code (
  account_id uuid not null references account (id) on delete cascade,
  hash bytea not null,
  used_at timestamptz,
  primary key (account_id, hash)
);

-- A browser in which somebody signed in before; several people of a family may share one.
create table account_browser (
  hash bytea not null,
  account_id uuid not null references account (id) on delete cascade,
  seen_at timestamptz not null default now(),
  trusted_until timestamptz,             -- no second factor is asked for until then
  primary key (hash, account_id)
);
create index account_browser_by_account on account_browser (account_id);

-- The password was right, the code is still to come.
create table account_pending_sign_in (
  hash bytea primary key,
  account_id uuid not null references account (id) on delete cascade,
  expires_at timestamptz not null
);
create index account_pending_sign_in_by_account on account_pending_sign_in (account_id);

-- Attempts at a secret that failed or are under way, for a quarter of an hour. `key` is a keyed hash of what is attempted.
create table sign_in_attempt (
  id bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  key bytea not null,
  address text,                          -- null: from a browser that is known, which no address is blamed for
  has_failed boolean not null default false
);
create index sign_in_attempt_by_key on sign_in_attempt (key, at);
create index sign_in_attempt_by_address on sign_in_attempt (address, at);
create index sign_in_attempt_by_time on sign_in_attempt (at);

alter table account_code enable row level security;
alter table account_second_factor enable row level security;
alter table account_recovery_code enable row level security;
alter table account_browser enable row level security;
alter table account_pending_sign_in enable row level security;
alter table sign_in_attempt enable row level security;

-- Days a code lasts; whose office asks for a second factor, for sessions begun since.
insert into setting (key, value) values
  ('activation_code_days', '30'),
  ('second_factor_required', '{"roles": [], "since": "1970-01-01T00:00:00Z"}');

-- Counts an attempt before it is made, so that a hundred at once are a hundred; `seconds` is how long to wait, 0 when it may be made.
-- An address is shut by how many different names failed there and have not succeeded since, not by how often.
create function begin_attempt(attempted bytea, from_address text, most integer, most_at_address integer)
returns table (id bigint, seconds integer)
language plpgsql set search_path = public, pg_temp as $$
declare
  span constant interval := interval '15 minutes';
  free_at timestamptz;
begin
  perform pg_advisory_xact_lock(hashtext('attempt'), hashtext(encode(attempted, 'hex')));
  delete from sign_in_attempt where sign_in_attempt.id in (
    select old.id from sign_in_attempt as old where old.at < clock_timestamp() - span order by old.at limit 50 for update skip locked);
  select sign_in_attempt.at + span into free_at
  from sign_in_attempt
  where sign_in_attempt.key = attempted and sign_in_attempt.at > clock_timestamp() - span
  order by sign_in_attempt.at desc offset most - 1 limit 1;
  if free_at is null and from_address is not null then
    select recent.last + span into free_at
    from (
      select max(sign_in_attempt.at) as last
      from sign_in_attempt
      where sign_in_attempt.address = from_address and sign_in_attempt.has_failed and sign_in_attempt.at > clock_timestamp() - span
      group by sign_in_attempt.key
    ) as recent
    order by recent.last desc offset most_at_address - 1 limit 1;
  end if;
  if free_at is not null then
    return query select null::bigint, greatest(1, ceil(extract(epoch from free_at - clock_timestamp()))::integer);
    return;
  end if;
  return query insert into sign_in_attempt (key, address) values (attempted, from_address) returning sign_in_attempt.id, 0;
end $$;

-- Ends sessions, these or (null) any, that have lasted as long as they may or were not used for long: of who holds an office or inspects, whose
-- sight goes beyond their own, much sooner than of a member. Returns how many.
create function end_stale_sessions(which uuid[], today date, office_hours integer, office_idle_minutes integer, member_hours integer) returns bigint
language plpgsql set search_path = public, pg_temp as $$
declare
  ended bigint;
begin
  delete from account_session
  using account
  where account.id = account_session.account_id and (which is null or account_session.id = any (which))
    and case
      when exists (select from office where office.person_id = account.person_id and office.during @> today)
        or exists (select from inspection_assignment where inspection_assignment.person_id = account.person_id and inspection_assignment.during @> today)
      then account_session.created_at < now() - make_interval(hours => office_hours) or account_session.used_at < now() - make_interval(mins => office_idle_minutes)
      else account_session.created_at < now() - make_interval(hours => member_hours) end;
  get diagnostics ended = row_count;
  return ended;
end $$;

-- Notes that a session is in use, to the minute, unless a page asked by itself. `is_over`: see above. `must_enrol`: its person has yet to set up
-- the second factor that an office held on that day asks for. A session begun before that was asked goes on: nobody is stopped in the middle of a roll.
create function use_session(used uuid, today date, office_hours integer, office_idle_minutes integer, member_hours integer, is_use boolean)
returns table (is_over boolean, must_enrol boolean)
language plpgsql set search_path = public, pg_temp as $$
begin
  if end_stale_sessions(array[used], today, office_hours, office_idle_minutes, member_hours) > 0 then
    return query select true, false;
    return;
  end if;
  update account_session set used_at = now() where is_use and account_session.id = used and account_session.used_at < now() - interval '1 minute';
  return query select false, exists (
    select from account_session
    join account on account.id = account_session.account_id
    join office on office.person_id = account.person_id and office.during @> today
    join setting on setting.key = 'second_factor_required' and setting.value -> 'roles' ? office.role
    where account_session.id = used and account_session.created_at >= (setting.value ->> 'since')::timestamptz
      and not exists (
        select from account_second_factor
        where account_second_factor.account_id = account.id and account_second_factor.confirmed_at is not null));
end $$;

-- Units whose accounts the viewer keeps: everything beneath for an administrator, one's own and the one directly beneath for who leads it.
create function viewer_account_units() returns setof uuid
language sql stable security definer set search_path = public, pg_temp as $$
  select unit_ancestor.unit_id
  from viewer_offices() as held
  join unit_ancestor on unit_ancestor.ancestor_id = held.unit_id
  where (held.role = 'administrator' or held.role in ('secretary', 'deputy', 'clerk') and unit_ancestor.depth <= 1)
    and unit_ancestor.standing @> (select viewer_today())
$$;

-- The same question of one unit, without listing a whole city for it.
create function keeps_accounts_of(unit uuid) returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
  select exists (
    select from viewer_offices() as held
    join unit_ancestor on unit_ancestor.ancestor_id = held.unit_id and unit_ancestor.unit_id = keeps_accounts_of.unit
    where (held.role = 'administrator' or held.role in ('secretary', 'deputy', 'clerk') and unit_ancestor.depth <= 1)
      and unit_ancestor.standing @> (select viewer_today()))
$$;

-- Where a person belongs and holds office today.
create function person_units(person uuid) returns setof uuid
language sql stable security definer rows 2 set search_path = public, pg_temp as $$
  select membership.unit_id from membership where membership.person_id = $1 and membership.during @> (select viewer_today())
  union
  select office.unit_id from office where office.person_id = $1 and office.during @> (select viewer_today())
$$;

create function office_rank(role text) returns integer
language sql immutable set search_path = public, pg_temp as $$
  select coalesce(array_position(array['clerk', 'deputy', 'secretary'], role), 99)
$$;

-- Whether the viewer administers accounts above everything this person belongs to, holds and inspects, today and from a later day on.
create function administers_account(person uuid) returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
  select count(*) > 0 and bool_and(exists (
    select from viewer_offices() as held
    join unit_ancestor on unit_ancestor.ancestor_id = held.unit_id and unit_ancestor.unit_id = place.unit_id
    where held.role = 'administrator' and unit_ancestor.standing @> (select viewer_today())))
  from (
    select person_units(person) as unit_id
    union
    select office.unit_id from office where office.person_id = person and lower(office.during) > (select viewer_today())
    union
    select inspection_assignment.unit_id from inspection_assignment
    where inspection_assignment.person_id = person and upper(inspection_assignment.during) > (select viewer_today())
  ) as place
$$;

-- Why the viewer may not hand this person a way in: 'hidden', 'self', 'higher'; null when the viewer may. A code opens everything that
-- its account may do, so nobody hands one out for an office above their own, for a higher one in the same unit, or for one elsewhere.
create function reason_against_code(person uuid) returns text
language sql stable security definer set search_path = public, pg_temp as $$
  select case
    when not exists (select from person_units(person) as place (unit_id) where keeps_accounts_of(place.unit_id)) then 'hidden'
    when person = viewer_person() then 'self'
    when administers_account(person) then null
    when exists (
      select from inspection_assignment
      where inspection_assignment.person_id = person and upper(inspection_assignment.during) > (select viewer_today())) then 'higher'
    when exists (
      select from membership
      where membership.person_id = person and membership.during @> (select viewer_today()) and not keeps_accounts_of(membership.unit_id)) then 'higher'
    when exists (
      select from office
      where office.person_id = person and (upper_inf(office.during) or upper(office.during) > (select viewer_today())) -- a code may wait for the day
        and (office.role not in ('secretary', 'deputy', 'clerk') or not exists (
          select from viewer_offices() as held
          join unit_ancestor on unit_ancestor.ancestor_id = held.unit_id and unit_ancestor.unit_id = office.unit_id
          where held.role in ('secretary', 'deputy', 'clerk') and unit_ancestor.standing @> (select viewer_today())
            and (unit_ancestor.depth = 1 or unit_ancestor.depth = 0 and office_rank(held.role) >= office_rank(office.role))))) then 'higher'
  end
$$;

-- People of a unit and those directly beneath whose accounts the viewer keeps; with words to look for, of everything beneath.
-- `state`: none, waiting (a code is out), lapsed (no code is out any more), active, shut.
create function account_people(top uuid, needle text)
returns table (person_id uuid, name text, given_name text, middle_name text, family_name text, born_year integer, unit_id uuid, unit_code text, unit_name text,
  depth integer, offices text[], account_id uuid, username text, state text, code_expires_at timestamptz, has_second_factor boolean)
language sql stable security definer set search_path = public, pg_temp as $$
  with word as materialized (
    select '%' || word || '%' as pattern, length(word) as size from unnest(string_to_array(fold(needle), ' ')) as word where word <> ''
  ), found as materialized (
    -- one word by the index of trigrams, the others on what that leaves; nobody reads further than three hundred
    select person.id
    from person
    where needle is not null and person.search like (select word.pattern from word order by word.size desc limit 1)
      and person.search like all (array(select word.pattern from word))
    union
    select account.person_id from account where needle is not null and account.username like '%' || fold(needle) || '%'
    limit 300
  ), held as materialized (
    select membership.person_id, membership.unit_id, 0 as preference
    from found join membership on membership.person_id = found.id and membership.during @> (select viewer_today())
    union all
    select office.person_id, office.unit_id, 1
    from found join office on office.person_id = found.id and office.during @> (select viewer_today())
  ), belonging as (
    select distinct on (belonging.person_id) belonging.person_id, belonging.unit_id, belonging.depth
    from (
      select membership.person_id, place.unit_id, place.depth, 0 as preference
      from unit_ancestor as place
      join membership on membership.unit_id = place.unit_id and membership.during @> (select viewer_today())
      where needle is null and place.ancestor_id = top and place.depth <= 1 and place.standing @> (select viewer_today())
      union all
      select office.person_id, place.unit_id, place.depth, 1
      from unit_ancestor as place
      join office on office.unit_id = place.unit_id and office.during @> (select viewer_today())
      where needle is null and place.ancestor_id = top and place.depth <= 1 and place.standing @> (select viewer_today())
      union all
      select held.person_id, place.unit_id, place.depth, held.preference
      from held
      cross join lateral ( -- `limit` keeps the planner from listing everything beneath the top for each
        select unit_ancestor.unit_id, unit_ancestor.depth
        from unit_ancestor
        where unit_ancestor.unit_id = held.unit_id and unit_ancestor.ancestor_id = top and unit_ancestor.standing @> (select viewer_today())
        limit 1
      ) as place
    ) as belonging
    where belonging.unit_id in (select viewer_account_units())
    order by belonging.person_id, belonging.preference, belonging.depth, belonging.unit_id
  )
  select person.id, person.name, person.given_name, person.middle_name, person.family_name,
         case when person.id in (select viewer_people()) then extract(year from person.born_on)::integer end, -- an administrator sees names and accounts only
         unit.id, unit.code, unit.name, belonging.depth,
         array(select distinct office.role from office
               where office.person_id = person.id and office.during @> (select viewer_today()) and keeps_accounts_of(office.unit_id) order by office.role),
         account.id, account.display_username,
         case when account.id is null then 'none'
           when account.is_disabled then 'shut'
           when exists (
             select from account_credential
             where account_credential.account_id = account.id
               and (account_credential.password is not null or account_credential.provider <> 'credential')) then 'active'
           when code.expires_at > now() then 'waiting'
           else 'lapsed' end,
         code.expires_at,
         exists (select from account_second_factor where account_second_factor.account_id = account.id and account_second_factor.confirmed_at is not null)
  from belonging
  join person on person.id = belonging.person_id
  join unit on unit.id = belonging.unit_id
  left join account on account.person_id = person.id
  left join account_code as code on code.account_id = account.id and code.used_at is null and code.voided_at is null
$$;

-- One of them, wherever beneath the viewer.
create function account_of(person uuid)
returns table (person_id uuid, name text, given_name text, middle_name text, family_name text, born_year integer, unit_id uuid, unit_code text, unit_name text,
  depth integer, offices text[], account_id uuid, username text, state text, code_expires_at timestamptz, has_second_factor boolean)
language sql stable security definer set search_path = public, pg_temp as $$
  select someone.*
  from (select place.unit_id from person_units(person) as place (unit_id) where keeps_accounts_of(place.unit_id) order by place.unit_id limit 1) as kept
  cross join lateral account_people(kept.unit_id, null) as someone
  where someone.person_id = person
$$;

-- What a user name could be made of, for those the viewer may hand a code; `place` is the Vietnamese order of their names.
create function account_name_parts(people uuid[])
returns table (person_id uuid, place bigint, name text, born_year integer, phone text, unit_id uuid, account_id uuid, username text, is_disabled boolean, is_active boolean)
language sql stable security definer set search_path = public, pg_temp as $$
  select person.id,
         row_number() over (order by person.given_name collate "vi-x-icu", person.middle_name collate "vi-x-icu", person.family_name collate "vi-x-icu", person.id),
         person.name, case when person.id in (select viewer_people()) then extract(year from person.born_on)::integer end, person.phone,
         (select belonging.unit_id from person_units(person.id) as belonging (unit_id) order by keeps_accounts_of(belonging.unit_id) desc, belonging.unit_id limit 1),
         account.id, account.display_username, coalesce(account.is_disabled, false),
         exists (
           select from account_credential
           where account_credential.account_id = account.id
             and (account_credential.password is not null or account_credential.provider <> 'credential'))
  from person
  left join account on account.person_id = person.id
  where person.id = any (people) and reason_against_code(person.id) is null
$$;

create function taken_usernames(names text[]) returns setof text
language sql stable security definer set search_path = public, pg_temp as $$
  select account.username from account where account.username = any (names)
$$;

-- Accounts without a password, for whom the viewer may hand a code; returns whose were made.
create function make_accounts(rows jsonb) returns setof uuid
language sql security definer set search_path = public, pg_temp as $$
  with wanted as (
    select row.id, row.person_id, row.username
    from jsonb_to_recordset(rows) as row (id uuid, person_id uuid, username text)
    where reason_against_code(row.person_id) is null
  ), made as (
    insert into account (id, person_id, username, display_username, name, email)
    select wanted.id, wanted.person_id, wanted.username, wanted.username, person.name, wanted.id || '@account.invalid'
    from wanted join person on person.id = wanted.person_id
    on conflict do nothing
    returning account.id, account.person_id
  ), credential as (
    insert into account_credential (id, account_id, provider, provider_account_id)
    select gen_random_uuid(), made.id, 'credential', made.id from made
  )
  select made.person_id from made
$$;

-- Hands out codes: an earlier one is void, an earlier password no longer opens, every session ends (tokens end with the password). Returns whose.
create function give_account_codes(rows jsonb, zone text) returns table (person_id uuid, expires_at timestamptz)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  -- to the end of a day, as it is printed
  until timestamptz := ((now() at time zone zone)::date + 1
    + (select (setting.value)::text::integer from setting where setting.key = 'activation_code_days'))::timestamp at time zone zone;
  given uuid[];
begin
  -- one at a time for one account, in one order
  perform from account
  where account.id in (select row.account_id from jsonb_to_recordset(rows) as row (account_id uuid))
  order by account.id for update;
  given := array(
    select account.id from jsonb_to_recordset(rows) as row (account_id uuid)
    join account on account.id = row.account_id
    where not account.is_disabled and reason_against_code(account.person_id) is null);
  update account_code set voided_at = now()
  where account_code.account_id = any (given) and account_code.used_at is null and account_code.voided_at is null;
  insert into account_code (id, account_id, hash, given_by, expires_at)
  select row.id, row.account_id, decode(row.hash, 'hex'), viewer_person(), until
  from jsonb_to_recordset(rows) as row (id uuid, account_id uuid, hash text)
  where row.account_id = any (given);
  update account_credential set password = null, updated_at = now()
  where account_credential.account_id = any (given) and account_credential.provider = 'credential' and account_credential.password is not null;
  perform end_sessions(given);
  return query select account.person_id, until from account where account.id = any (given);
end $$;

-- Ends every session of these accounts, and what else would let a browser in.
create function end_sessions(accounts uuid[]) returns integer
language plpgsql set search_path = public, pg_temp as $$
declare
  ended integer;
begin
  delete from account_session where account_session.account_id = any (accounts);
  get diagnostics ended = row_count;
  delete from account_pending_sign_in where account_pending_sign_in.account_id = any (accounts);
  update account_browser set trusted_until = null where account_browser.account_id = any (accounts) and account_browser.trusted_until is not null;
  return ended;
end $$;

-- What an administrator does to an account without seeing into it. Each returns null when the account is not the viewer's to keep.
create function shut_account(person uuid, is_shut boolean) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  changed uuid;
begin
  if not administers_account(person) or person = viewer_person() then return null; end if;
  update account set is_disabled = is_shut, updated_at = now()
  where account.person_id = person and account.is_disabled <> is_shut
  returning account.id into changed;
  if changed is not null and is_shut then
    perform end_sessions(array[changed]);
    update account_code set voided_at = now() where account_code.account_id = changed and account_code.used_at is null and account_code.voided_at is null;
  end if;
  return changed is not null;
end $$;

create function end_account_sessions(person uuid) returns integer
language sql security definer set search_path = public, pg_temp as $$
  select end_sessions(array[account.id]) from account where account.person_id = person and administers_account(person)
$$;

create function drop_second_factor(person uuid) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  whose uuid := (select account.id from account where account.person_id = person);
begin
  if whose is null or not administers_account(person) or person = viewer_person() then return null; end if;
  perform end_sessions(array[whose]);
  delete from account_recovery_code where account_recovery_code.account_id = whose;
  delete from account_second_factor where account_second_factor.account_id = whose;
  return found;
end $$;

-- An administrator of the top decides for all.
create function set_account_settings(days integer, roles text[]) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if not exists (
    select from viewer_offices() as held
    where held.role = 'administrator' and not exists (
      select from unit_ancestor
      where unit_ancestor.unit_id = held.unit_id and unit_ancestor.depth > 0 and unit_ancestor.standing @> viewer_today())) then
    return false;
  end if;
  update setting set value = to_jsonb(days) where setting.key = 'activation_code_days';
  update setting set value = jsonb_build_object('roles', to_jsonb(roles), 'since', to_jsonb(now()))
  where setting.key = 'second_factor_required' and setting.value -> 'roles' <> to_jsonb(roles);
  return true;
end $$;

-- The viewer's own account; none for a helper who acts for its person, nor for a token.
create function own_account_id() returns uuid
language sql stable security definer set search_path = public, pg_temp as $$
  select account.id from account
  where account.person_id = viewer_person()
    and nullif(current_setting('app.acting', true), '') is null and nullif(current_setting('app.token', true), '') is null
$$;

create function own_account()
returns table (account_id uuid, username text, has_password boolean, password_at timestamptz, secret text, confirmed_at timestamptz, recovery_left integer)
language sql stable security definer rows 1 set search_path = public, pg_temp as $$
  select account.id, account.display_username, credential.password is not null, credential.updated_at, factor.secret, factor.confirmed_at,
         (select count(*)::integer from account_recovery_code where account_recovery_code.account_id = account.id and account_recovery_code.used_at is null)
  from account
  left join account_credential as credential on credential.account_id = account.id and credential.provider = 'credential'
  left join account_second_factor as factor on factor.account_id = account.id
  where account.id = own_account_id()
$$;

create function set_own_password(hashed text, keep uuid) returns integer
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  own uuid := own_account_id();
  ended integer;
begin
  update account_credential set password = hashed, updated_at = now()
  where account_credential.account_id = own and account_credential.provider = 'credential';
  delete from account_session where account_session.account_id = own and account_session.id is distinct from keep;
  get diagnostics ended = row_count;
  delete from account_pending_sign_in where account_pending_sign_in.account_id = own;
  update account_browser set trusted_until = null where account_browser.account_id = own;
  update account_code set voided_at = now() where account_code.account_id = own and account_code.used_at is null and account_code.voided_at is null;
  return ended;
end $$;

create function own_sessions()
returns table (id uuid, created_at timestamptz, used_at timestamptz, address text, user_agent text)
language sql stable security definer set search_path = public, pg_temp as $$
  select account_session.id, account_session.created_at, account_session.used_at, account_session.ip_address, account_session.user_agent
  from account_session
  where account_session.account_id = own_account_id() and account_session.expires_at > now()
  order by account_session.used_at desc, account_session.id
$$;

-- Ends one session of one's own, or with `ending` null all but `keep`.
create function end_own_sessions(ending uuid, keep uuid) returns integer
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  own uuid := own_account_id();
  ended integer;
begin
  delete from account_session
  where account_session.account_id = own
    and case when ending is null then account_session.id is distinct from keep else account_session.id = ending end;
  get diagnostics ended = row_count;
  if ending is null then
    delete from account_pending_sign_in where account_pending_sign_in.account_id = own;
    update account_browser set trusted_until = null where account_browser.account_id = own;
  end if;
  return ended;
end $$;

-- A second factor that is confirmed is taken away first, so that nobody swaps it unasked.
create function begin_own_second_factor(sealed text) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into account_second_factor (account_id, secret)
  select account.id, sealed from account where account.id = own_account_id()
  on conflict (account_id) do update set secret = excluded.secret where account_second_factor.confirmed_at is null;
  return found;
end $$;

create function confirm_own_second_factor(step bigint, recovery text[]) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  own uuid := own_account_id();
begin
  update account_second_factor set confirmed_at = now(), last_step = step
  where account_second_factor.account_id = own and account_second_factor.confirmed_at is null and account_second_factor.last_step < step;
  if not found then return false; end if;
  perform set_own_recovery(recovery);
  return true;
end $$;

create function set_own_recovery(recovery text[]) returns void
language sql security definer set search_path = public, pg_temp as $$
  delete from account_recovery_code where account_recovery_code.account_id = own_account_id();
  insert into account_recovery_code (account_id, hash)
  select account.id, decode(code, 'hex') from account cross join unnest(recovery) as code where account.id = own_account_id()
$$;

create function drop_own_second_factor() returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  own uuid := own_account_id();
begin
  delete from account_recovery_code where account_recovery_code.account_id = own;
  update account_browser set trusted_until = null where account_browser.account_id = own;
  delete from account_second_factor where account_second_factor.account_id = own;
  return found;
end $$;

-- What was done to the viewer's own account, and by whom: names of those who did it go with it.
create function own_account_history(most integer)
returns table (at timestamptz, action text, detail jsonb, is_own boolean, actor text)
language sql stable security definer set search_path = public, pg_temp as $$
  select audit_entry.at, audit_entry.action, audit_entry.detail, audit_entry.actor_id is not distinct from viewer_person(), person.name
  from audit_entry
  left join person on person.id = audit_entry.actor_id
  where audit_entry.subject_type = 'account' and audit_entry.subject_id = viewer_person()::text and own_account_id() is not null
  order by audit_entry.id desc
  limit most
$$;

grant execute on function viewer_account_units(), keeps_accounts_of(uuid), reason_against_code(uuid), administers_account(uuid),
  account_people(uuid, text), account_of(uuid), account_name_parts(uuid[]), taken_usernames(text[]), make_accounts(jsonb), give_account_codes(jsonb, text),
  shut_account(uuid, boolean), end_account_sessions(uuid), drop_second_factor(uuid), set_account_settings(integer, text[]),
  own_account(), set_own_password(text, uuid), own_sessions(), end_own_sessions(uuid, uuid), begin_own_second_factor(text),
  confirm_own_second_factor(bigint, text[]), set_own_recovery(text[]), drop_own_second_factor(),
  own_account_history(integer) to app;
