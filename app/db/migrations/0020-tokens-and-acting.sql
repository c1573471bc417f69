-- Machines that come in by a token, people who act for others, and signing in through an organisation's own provider.

-- Who acts for the viewer's person, and by which token one comes: set for one transaction by asViewer, like viewer_person.
create function viewer_acting() returns uuid
language sql stable parallel safe
return nullif(current_setting('app.acting', true), '')::uuid;

create function viewer_token() returns text
language sql stable parallel safe
return nullif(current_setting('app.token', true), '');
grant execute on function viewer_acting(), viewer_token() to app;

-- A token is 256 random bits, so a plain hash keeps it: there is nothing to guess, and every call looks it up. Only the owner
-- reads this table, as all of an account.
create table account_token (
  id uuid primary key,
  account_id uuid not null references account (id) on delete cascade,
  name text not null,
  prefix text not null, -- its first letters, by which its owner knows it again
  hash bytea not null,  -- sha256
  scope text not null,
  ends_on date not null, -- the last day on which it opens anything
  made_at timestamptz not null default now(),
  last_used_on date,
  revoked_at timestamptz,
  revoked_by uuid references person (id),
  constraint account_token_is_unique unique (hash),
  constraint account_token_scope_is_known check (scope in ('read', 'write')),
  constraint account_token_name_is_of_a_size check (length(name) between 1 and 60),
  constraint account_token_ends_within_a_year check (ends_on <= (made_at at time zone 'UTC')::date + 367), -- a day more: the deployment's may be ahead
  constraint account_token_hash_is_sha256 check (octet_length(hash) = 32)
);
create index account_token_by_account on account_token (account_id);
alter table account_token enable row level security;

-- own_account_id() is null for who acts for another and for a token: neither makes tokens or sees them.
create function own_tokens()
returns table (id uuid, name text, prefix text, scope text, ends_on date, made_at timestamptz, last_used_on date, revoked_at timestamptz)
language sql stable security definer set search_path = public, pg_temp as $$
  select account_token.id, account_token.name, account_token.prefix, account_token.scope, account_token.ends_on, account_token.made_at,
         account_token.last_used_on, account_token.revoked_at
  from account_token
  where account_token.account_id = own_account_id()
  order by account_token.made_at desc, account_token.id
$$;
create function make_own_token(id uuid, name text, prefix text, hash bytea, scope text, ends_on date) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into account_token (id, account_id, name, prefix, hash, scope, ends_on)
  select make_own_token.id, own_account_id(), make_own_token.name, make_own_token.prefix, make_own_token.hash, make_own_token.scope, make_own_token.ends_on
  where own_account_id() is not null
  on conflict on constraint account_token_pkey do nothing;
  return found;
end $$;

-- What an administrator keeps in order without the secrets: the tokens that still open something.
create function administered_tokens()
returns table (id uuid, person_id uuid, person_name text, name text, prefix text, scope text, ends_on date, made_at timestamptz, last_used_on date)
language sql stable security definer set search_path = public, pg_temp as $$
  select account_token.id, person.id, person.name, account_token.name, account_token.prefix, account_token.scope, account_token.ends_on,
         account_token.made_at, account_token.last_used_on
  from account_token
  join account on account.id = account_token.account_id
  join person on person.id = account.person_id
  where account_token.revoked_at is null and account_token.ends_on >= (select viewer_today())
    and exists (select from viewer_offices() as held where held.role = 'administrator')
    and administers_account(account.person_id)
  order by person.given_name collate "vi-x-icu", person.name collate "vi-x-icu", account_token.made_at desc
$$;
-- Revokes one's own token or, for an administrator, that of an account in keeping; whose it was, no row when it is not there.
create function revoke_token(token uuid) returns table (person_id uuid, name text)
language sql security definer set search_path = public, pg_temp as $$
  update account_token set revoked_at = now(), revoked_by = viewer_person()
  from account
  where account_token.id = token and account_token.revoked_at is null and account.id = account_token.account_id
    and viewer_acting() is null and viewer_token() is null
    and (account.id = own_account_id() or administers_account(account.person_id))
  returning account.person_id, account_token.name
$$;
grant execute on function own_tokens(), make_own_token(uuid, text, text, bytea, text, date), administered_tokens(), revoke_token(uuid) to app;

-- Who may act for whom, from day to day. Ended early it stays, with who ended it.
create table acting (
  id uuid primary key,
  helper_id uuid not null references person (id),
  helped_id uuid not null references person (id),
  unit_id uuid not null references unit (id), -- the helped person's unit when it was named
  during daterange not null,
  reason text not null,
  recorded_at timestamptz not null default now(),
  recorded_by uuid not null references person (id), -- who named the helper
  on_behalf_of uuid references person (id),
  source text not null,
  ended_at timestamptz,
  ended_by uuid references person (id),
  constraint acting_is_for_another check (helper_id <> helped_id),
  constraint helper_is_named_by_another check (recorded_by <> helper_id),
  constraint acting_lasts_a_year_at_most check (not isempty(during) and upper(during) - lower(during) <= 366),
  constraint acting_reason_is_of_a_size check (length(reason) between 1 and 500),
  constraint acting_source_is_known check (source in ('page', 'api', 'import', 'offline', 'cli')),
  constraint acting_end_has_its_instant check (ended_by is null or ended_at is not null), -- nobody: it ended with an account
  constraint acting_is_named_once exclude using gist (helper_id with =, helped_id with =, during with &&) where (ended_at is null)
);
create index acting_by_helper on acting (helper_id);
create index acting_by_helped on acting (helped_id);
alter table acting enable row level security;
-- Units whose people one may name a helper for: one's own and those directly beneath.
create function viewer_naming_units() returns setof uuid
language sql stable security definer set search_path = public, pg_temp as $$
  select unit_ancestor.unit_id
  from viewer_offices() as held
  join unit_ancestor on unit_ancestor.ancestor_id = held.unit_id and unit_ancestor.depth <= 1 and unit_ancestor.standing @> (select viewer_today())
  where held.role in ('secretary', 'deputy', 'clerk') and viewer_acting() is null
$$;
grant execute on function viewer_naming_units() to app;
create policy acting_of_viewer on acting for select to app
  using (helper_id = viewer_person() or helped_id = viewer_person() or helped_id in (select viewer_people()));
-- By the person who is to be helped, or by who keeps that person's unit: nobody becomes another's helper by their own word alone.
create policy acting_is_named_for_others on acting for insert to app
  with check (recorded_by = viewer_person() and helper_id <> viewer_person()
    and exists (select from membership where membership.person_id = helped_id and membership.unit_id = acting.unit_id and membership.during @> (select viewer_today()))
    and (helped_id = viewer_person() or unit_id in (select viewer_naming_units())));
create policy acting_is_ended_by_those_concerned on acting for update to app
  using (helper_id = viewer_person() or helped_id = viewer_person() or unit_id in (select viewer_naming_units())
    or exists (
      select from membership
      where membership.person_id = acting.helped_id and membership.during @> (select viewer_today()) and membership.unit_id in (select viewer_naming_units())));
-- Who acts for one sees who else does, not whom that one helps: there is no acting through another.
create policy acting_is_not_chained on acting as restrictive to app using ((select viewer_acting()) is null or helped_id = viewer_person());
grant select, insert on acting to app;
grant update (ended_at, ended_by) on acting to app;

-- A shut account stays without what it had given out when it is opened again.
create function end_with_account() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  update account_token set revoked_at = now() where account_token.account_id = new.id and account_token.revoked_at is null;
  update acting set ended_at = now() where new.person_id in (acting.helper_id, acting.helped_id) and acting.ended_at is null;
  return null;
end $$;
create trigger account_is_shut_with_all after update of is_disabled on account
  for each row when (new.is_disabled and not old.is_disabled) execute function end_with_account();

alter table account_session add column acting_id uuid references acting (id) on delete set null; -- whom this browser acts for

-- The helped person of a naming that is in force today for the person who looks: not ended, the account that enters and the account
-- that is helped (where there is one) both open. No row otherwise.
create function acting_in_force(acting uuid) returns table (helped_id uuid, helper_name text)
language sql stable security definer rows 1 set search_path = public, pg_temp as $$
  select acting.helped_id, person.name
  from acting
  join person on person.id = acting.helper_id
  join account on account.person_id = acting.helper_id and not account.is_disabled
  where acting.id = acting_in_force.acting and acting.helper_id = viewer_person() and viewer_acting() is null
    and acting.during @> (select viewer_today()) and acting.ended_at is null
    and not exists (select from account as own where own.person_id = acting.helped_id and own.is_disabled)
$$;

-- Of these people, those who can sign in: of people whose name the viewer sees.
create function people_with_account(people uuid[]) returns setof uuid
language sql stable security definer set search_path = public, pg_temp as $$
  select account.person_id
  from account
  where account.person_id = any (people) and not account.is_disabled and account.person_id in (select viewer_people())
$$;

-- The name of somebody who acts or is helped, as it stands in a trail: people whose name the viewer sees anyway, and the two of a
-- naming that the viewer sees.
create function acting_name(person uuid) returns text
language sql stable security definer set search_path = public, pg_temp as $$
  select coalesce(office_holder_name($1), (
    select person.name
    from person
    where person.id = $1
      and (person.id in (select viewer_people()) or person.id = viewer_acting() or exists (
        select from acting
        where (acting.helper_id = $1 or acting.helped_id = $1)
          and (acting.helper_id = viewer_person() or acting.helped_id = viewer_person() or acting.helped_id in (select viewer_people()))))))
$$;
-- Somebody the viewer need not see: found by user name and name together, so that neither is learned from the other.
create function account_holder(called text, named text) returns uuid
language sql stable security definer set search_path = public, pg_temp as $$
  select account.person_id
  from account
  join person on person.id = account.person_id
  where account.username = called and fold(person.name) = fold(named) and not account.is_disabled
$$;
grant execute on function acting_in_force(uuid), people_with_account(uuid[]), acting_name(uuid), account_holder(text, text) to app;

-- Who acts for a person has that person's own rows and a member's sight, and none of that person's offices: a borrowed office
-- would be a right that nobody gave. Everything a viewer leads or checks comes out of these three.
create or replace function viewer_offices() returns table (unit_id uuid, role text)
language sql stable security definer rows 4 set search_path = public, pg_temp as $$
  with recursive held (unit_id, role) as (
    select office.unit_id, office.role
    from office
    where office.person_id = viewer_person() and office.during @> (select viewer_today()) and viewer_acting() is null
    union
    select succession.from_unit_id, held.role
    from held
    join succession on succession.to_unit_id = held.unit_id and succession.on_date <= (select viewer_today())
  )
  select held.unit_id, held.role from held
$$;
create or replace function viewer_tops() returns setof uuid
language sql stable security definer rows 4 set search_path = public, pg_temp as $$
  select held.unit_id from viewer_offices() as held where held.role in ('city_officer', 'secretary', 'deputy', 'clerk')
  union
  select inspection_assignment.unit_id from inspection_assignment
  where inspection_assignment.person_id = viewer_person() and inspection_assignment.during @> (select viewer_today()) and viewer_acting() is null
$$;
create or replace function viewer_people_units() returns setof uuid
language sql stable security definer set search_path = public, pg_temp as $$
  select unit_ancestor.unit_id
  from viewer_offices() as held
  join unit_ancestor on unit_ancestor.ancestor_id = held.unit_id
  where held.role in ('city_officer', 'secretary', 'deputy', 'clerk')
    and unit_ancestor.depth <= (select (setting.value)::int from setting where setting.key = 'people_depth')
    and unit_ancestor.standing @> (select viewer_today())
  union all
  select unit_ancestor.unit_id
  from inspection_assignment
  join unit_ancestor on unit_ancestor.ancestor_id = inspection_assignment.unit_id
  where inspection_assignment.person_id = viewer_person() and inspection_assignment.during @> (select viewer_today())
    and unit_ancestor.standing @> (select viewer_today()) and viewer_acting() is null
$$;
create policy office_is_not_borrowed on office as restrictive to app using ((select viewer_acting()) is null or person_id <> viewer_person());
create policy inspection_assignment_is_not_borrowed on inspection_assignment as restrictive to app using ((select viewer_acting()) is null);
-- Lists that the person brought by an office, with other people in them.
create policy import_is_not_borrowed on import as restrictive to app using ((select viewer_acting()) is null);

-- Both names on every fact, whoever wrote the statement: while somebody acts, the column that says who recorded it holds the helper,
-- and on_behalf_of the person helped. A table that keeps who recorded its rows calls this in its migration.
create function keep_both_names() returns trigger
language plpgsql as $$
begin
  if viewer_acting() is not null then
    new := jsonb_populate_record(new, jsonb_build_object(tg_argv[0], viewer_acting(), 'on_behalf_of', viewer_person()));
  end if;
  return new;
end $$;
create function keep_both_names_on(facts regclass, who name default 'recorded_by') returns void
language plpgsql as $$
begin
  execute format('alter table %s add column if not exists on_behalf_of uuid references person (id)', facts);
  execute format('create or replace trigger both_names_are_kept before insert on %s for each row execute function keep_both_names(%L)', facts, who);
end $$;
-- Every table that has the column today; those under another name are told apart.
select keep_both_names_on(pg_attribute.attrelid::regclass)
from pg_attribute
join pg_class on pg_class.oid = pg_attribute.attrelid and pg_class.relkind in ('r', 'p')
where pg_class.relnamespace = 'public'::regnamespace and pg_attribute.attname = 'recorded_by' and not pg_attribute.attisdropped;
select keep_both_names_on('report_round', 'opened_by');
select keep_both_names_on('submission', 'submitted_by');
select keep_both_names_on('filing_event', 'actor_id');
select keep_both_names_on('report_seal', 'sealed_by');
select keep_both_names_on('question', 'asked_by');
select keep_both_names_on('question_message', 'author_id');

-- The record of what was done says both names too, and by which token. Personal values stay out of it: a token is named for a machine.
create function sign_audit_entry() returns trigger
language plpgsql as $$
begin
  if viewer_acting() is not null then
    new.actor_id := viewer_acting();
    new.on_behalf_of := viewer_person();
  end if;
  if viewer_token() is not null then
    new.detail := new.detail || jsonb_build_object('token', viewer_token());
  end if;
  return new;
end $$;
create trigger audit_entry_is_signed before insert on audit_entry for each row execute function sign_audit_entry();
drop policy audit_entry_is_ones_own on audit_entry;
create policy audit_entry_is_ones_own on audit_entry for insert to app with check (actor_id = coalesce((select viewer_acting()), viewer_person()));
-- What was done in one's name is one's to see; who acts sees that alone, not what the person did by an office.
create policy audit_entry_of_helped on audit_entry for select to app using (on_behalf_of = viewer_person());
create policy audit_entry_is_not_borrowed on audit_entry as restrictive for select to app
  using ((select viewer_acting()) is null or on_behalf_of = viewer_person());

-- One sign-in through the organisation's provider that has begun: used once, within ten minutes.
create table oidc_attempt (
  state_hash bytea primary key,
  nonce text not null,
  code_verifier text not null,
  back_to text not null,
  account_id uuid references account (id) on delete cascade, -- whom to link; null: signing in
  expires_at timestamptz not null
);
alter table oidc_attempt enable row level security;
-- A person has one identity with a provider, as an identity has one person (account_credential_is_unique).
create unique index account_has_one_identity_a_provider on account_credential (account_id, provider) where provider like 'oidc:%';

create function own_identity(with_provider text) returns timestamptz
language sql stable security definer set search_path = public, pg_temp as $$
  select account_credential.created_at from account_credential
  where account_credential.account_id = own_account_id() and account_credential.provider = with_provider and with_provider like 'oidc:%'
$$;
create function unlink_own_identity(with_provider text) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  delete from account_credential
  where account_credential.account_id = own_account_id() and account_credential.provider = with_provider and with_provider like 'oidc:%';
  return found;
end $$;
grant execute on function own_identity(text), unlink_own_identity(text) to app;

-- Who knew the old password may have made tokens and linked an identity of their own: another password ends those as it ends sessions.
create function end_with_password() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  update account_token set revoked_at = now() where account_token.account_id = new.account_id and account_token.revoked_at is null;
  delete from account_credential where account_credential.account_id = new.account_id and account_credential.provider like 'oidc:%';
  return null;
end $$;
create trigger password_is_changed_with_all after update of password on account_credential
  for each row when (old.provider = 'credential' and new.password is distinct from old.password) execute function end_with_password();

-- Deletes what has run out and serves nobody any more; how much. Nothing here says what anybody did: that stands in the record of what was done.
create function sweep_accounts() returns bigint
language plpgsql set search_path = public, pg_temp as $$
declare
  swept bigint := 0;
  part bigint;
begin
  delete from account_session where account_session.expires_at < now();
  get diagnostics part = row_count; swept := swept + part;
  delete from account_verification where account_verification.expires_at < now();
  get diagnostics part = row_count; swept := swept + part;
  delete from account_pending_sign_in where account_pending_sign_in.expires_at < now();
  get diagnostics part = row_count; swept := swept + part;
  delete from oidc_attempt where oidc_attempt.expires_at < now();
  get diagnostics part = row_count; swept := swept + part;
  delete from sign_in_attempt where sign_in_attempt.at < now() - interval '1 day';
  get diagnostics part = row_count; swept := swept + part;
  delete from account_code where greatest(account_code.expires_at, account_code.used_at, account_code.voided_at) < now() - interval '90 days';
  get diagnostics part = row_count; swept := swept + part;
  delete from account_browser where account_browser.seen_at < now() - interval '1 year';
  get diagnostics part = row_count; swept := swept + part;
  delete from look_up where look_up.on_day < current_date - 30;
  get diagnostics part = row_count; swept := swept + part;
  return swept;
end $$;
