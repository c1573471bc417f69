-- What reaches a person: on the page, by e-mail, by webhook; and the links of calendars. Decision 0022 tells how it is delivered.
-- The tables here are the truth of what was sent; the queue (schema pgboss, made by pg-boss, in no backup) only works on them.

create table notice (
  id uuid primary key default gen_random_uuid(),
  person_id uuid not null references person (id),
  kind text not null,              -- its words and rules: app/features/notices/kinds.ts
  about_type text not null,        -- with about_id: whose visibility decides whether the reader is still told of it
  about_id uuid,
  unit_id uuid references unit (id), -- whose work it concerns
  facts jsonb not null default '{}', -- what the sentence is made with when it is read: counts, days, names of units and papers
  path text not null,              -- the page it opens, which asks for rights itself
  is_required boolean not null,    -- duty asks for it: its e-mail is not switched off
  is_urgent boolean not null,
  by_office boolean not null,      -- came to an office: no helper of its holder sees it
  merge_key text,
  occasion integer not null default 1, -- how often it was said while nobody had read it
  made_at timestamptz not null default now(),
  read_at timestamptz,
  digest_id uuid,                  -- the daily e-mail that has it
  constraint notice_path_is_of_this_site check (path ~ '^/([^/\\].*)?$' and length(path) <= 500),
  constraint notice_is_of_a_size check (length(kind) between 1 and 60 and length(about_type) between 1 and 60 and pg_column_size(facts) <= 8000 and length(merge_key) <= 200)
);
create unique index notice_is_merged_until_read on notice (person_id, merge_key) where read_at is null and merge_key is not null;
create index notice_by_person on notice (person_id, made_at desc);
create index notice_unread on notice (person_id) where read_at is null;
create index notice_by_age on notice (made_at);

-- Where a person is reached by e-mail: given by the person alone, used once a link sent there was followed. Another address is another row.
create table notice_address (
  id uuid primary key,
  person_id uuid not null references person (id),
  address text not null,
  language text not null default 'vi',
  asked_at timestamptz not null default now(),
  confirmed_at timestamptz,
  constraint person_has_one_notice_address unique (person_id),
  constraint notice_address_is_plain check (address ~ '^[^\s@<>",;]+@[^\s@<>",;]+\.[^\s@<>",;]+$' and length(address) <= 254),
  constraint notice_address_language_is_known check (language in ('vi', 'en'))
);

create table notice_choice (
  person_id uuid primary key references person (id),
  scope text not null default 'all',        -- required: by e-mail only what duty asks for
  digest_hour smallint not null default 7,
  quiet_from smallint not null default 22,  -- hours of the deployment's time zone; equal: none
  quiet_to smallint not null default 6,
  kinds jsonb not null default '{}',        -- kind to now, digest or none; absent: as the kind says
  version integer not null default 1,
  constraint notice_scope_is_known check (scope in ('all', 'required')),
  constraint notice_hours_are_of_a_day check (digest_hour between 0 and 23 and quiet_from between 0 and 23 and quiet_to between 0 and 23)
);

create table webhook (
  id uuid primary key,
  unit_id uuid not null references unit (id), -- of this unit and everything beneath
  name text not null,
  url text not null,
  kinds text[] not null,                      -- empty: all
  secret_sealed text not null,                -- under the deployment's secret; shown once, when it was made
  is_on boolean not null default true,
  recorded_at timestamptz not null default now(),
  recorded_by uuid not null references person (id),
  version integer not null default 1,
  constraint webhook_is_of_a_size check (length(name) between 1 and 100 and length(url) between 8 and 500)
);
select keep_both_names_on('webhook');

-- One sending to one place. waiting: not yet with the queue; queued; sending: claimed by a process; then sent, dead after too many
-- failures, dropped (nothing to say any more), or held (restored from a backup: it may have been sent before).
create table notice_delivery (
  id uuid primary key default gen_random_uuid(),
  purpose text not null,
  person_id uuid not null references person (id),
  notice_id uuid references notice (id) on delete cascade,
  occasion integer not null default 1,
  webhook_id uuid references webhook (id) on delete cascade,
  address_id uuid references notice_address (id) on delete set null,
  digest_on date,
  state text not null default 'waiting',
  attempts integer not null default 0,
  made_at timestamptz not null default now(),
  not_before timestamptz not null default now(),
  since timestamptz not null default now(), -- when it came into its state
  claimed_by uuid,                 -- the process that sends it; while it lives it holds a lock of that name
  problem text,                    -- what the other side said last
  constraint delivery_purpose_is_known check (purpose in ('notice', 'digest', 'confirm', 'webhook')),
  constraint delivery_state_is_known check (state in ('waiting', 'queued', 'sending', 'sent', 'dead', 'dropped', 'held')),
  constraint delivery_has_what_it_needs check (
    (purpose in ('notice', 'webhook')) = (notice_id is not null) and (purpose = 'webhook') = (webhook_id is not null) and (purpose = 'digest') = (digest_on is not null))
);
create unique index notice_is_mailed_once_an_occasion on notice_delivery (notice_id, occasion) where purpose = 'notice';
create unique index notice_goes_once_to_a_webhook_an_occasion on notice_delivery (webhook_id, notice_id, occasion) where purpose = 'webhook';
create unique index person_has_one_digest_a_day on notice_delivery (person_id, digest_on) where purpose = 'digest';
create index notice_delivery_unsettled on notice_delivery (state, not_before) where state in ('waiting', 'queued', 'sending');
create index notice_delivery_dead on notice_delivery (since) where state in ('dead', 'held');
create index notice_delivery_by_person on notice_delivery (person_id, made_at);
create index notice_delivery_by_webhook on notice_delivery (webhook_id, made_at desc) where webhook_id is not null;
alter table notice add constraint notice_digest_is_a_delivery foreign key (digest_id) references notice_delivery (id) on delete set null;
create index notice_by_digest on notice (digest_id) where digest_id is not null;

-- The secret end of a calendar's address; its hash alone is kept.
create table calendar_link (
  person_id uuid primary key references person (id),
  hash bytea not null,
  made_at timestamptz not null default now(),
  constraint calendar_link_is_unique unique (hash),
  constraint calendar_link_hash_is_sha256 check (octet_length(hash) = 32)
);

-- Days a read notice is kept; one that nobody read is kept twice as long.
insert into setting (key, value) values ('notice_days', '180');

-- How a notice of that kind goes out by e-mail: now, digest or none.
create function notice_mail_mode(scope text, kinds jsonb, kind text, is_required boolean, is_urgent boolean) returns text
language sql immutable set search_path = public, pg_temp as $$
  select case
    when not is_required and scope = 'required' then 'none'
    when is_required and kinds ->> kind = 'none' then 'digest'
    else coalesce(kinds ->> kind, case when is_urgent then 'now' else 'digest' end)
  end
$$;

-- Puts out what was just made: letters that go at once and calls of webhooks stand beside it from the same instant, and open pages hear.
create function put_out_notices(made uuid[], day date) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into notice_delivery (purpose, person_id, notice_id, occasion)
  select 'notice', notice.person_id, notice.id, notice.occasion
  from notice
  join notice_address on notice_address.person_id = notice.person_id and notice_address.confirmed_at is not null
  left join notice_choice on notice_choice.person_id = notice.person_id
  where notice.id = any (made)
    and notice_mail_mode(coalesce(notice_choice.scope, 'all'), coalesce(notice_choice.kinds, '{}'), notice.kind, notice.is_required, notice.is_urgent) = 'now'
  on conflict do nothing;

  if exists (select from webhook where webhook.is_on) then
    insert into notice_delivery (purpose, person_id, notice_id, occasion, webhook_id)
    select 'webhook', notice.person_id, notice.id, notice.occasion, webhook.id
    from notice
    join unit_ancestor on unit_ancestor.unit_id = notice.unit_id and unit_ancestor.standing @> day
    join webhook on webhook.unit_id = unit_ancestor.ancestor_id
    where notice.id = any (made) and webhook.is_on and (webhook.kinds = '{}' or notice.kind = any (webhook.kinds))
    on conflict do nothing;
  end if;

  -- heard at the commit, and only then
  if cardinality(made) > 100 then perform pg_notify('notice', '*');
  else perform pg_notify('notice', notice.person_id::text) from notice where notice.id = any (made);
  end if;
  perform pg_notify('notice_delivery', '');
end $$;

-- Makes one notice a person, in the transaction that causes it; one with the same merge key that is still unread says the new facts
-- instead. To people by id, and to who holds one of the roles in one of the units that day, or in the unit that took one over; the
-- person who does it is not told of it.
create function make_notices(kind text, people uuid[], units uuid[], roles text[], about_type text, about_id uuid, unit_id uuid,
  facts jsonb, path text, is_required boolean, is_urgent boolean, merge_key text, on_day date) returns integer
language plpgsql security definer set search_path = public, pg_temp as $$
#variable_conflict use_column
declare
  day date := coalesce(on_day, viewer_today(), deployment_day(now()));
  made uuid[];
begin
  with recursive place (unit_id) as (
    select unnest(units)
    union
    select succession.to_unit_id from place join succession on succession.from_unit_id = place.unit_id and succession.on_date <= day
  ), recipient as (
    select each_one.person_id, bool_and(each_one.by_office) as by_office
    from (
      select unnest(people) as person_id, false as by_office
      union all
      select office.person_id, true
      from place
      join office on office.unit_id = place.unit_id and office.role = any (roles) and office.during @> day
      where office.person_id is distinct from coalesce(viewer_acting(), viewer_person())
    ) as each_one
    join person on person.id = each_one.person_id and person.merged_into is null
    group by each_one.person_id
  ), kept as (
    insert into notice as earlier (person_id, kind, about_type, about_id, unit_id, facts, path, is_required, is_urgent, by_office, merge_key)
    select recipient.person_id, make_notices.kind, make_notices.about_type, make_notices.about_id, make_notices.unit_id, coalesce(make_notices.facts, '{}'),
           make_notices.path, make_notices.is_required, make_notices.is_urgent, recipient.by_office, make_notices.merge_key
    from recipient
    order by recipient.person_id -- two who tell the same people lock them in one order
    on conflict (person_id, merge_key) where read_at is null and merge_key is not null
    do update set kind = excluded.kind, about_type = excluded.about_type, about_id = excluded.about_id, unit_id = excluded.unit_id, facts = excluded.facts,
      path = excluded.path, is_required = excluded.is_required, is_urgent = excluded.is_urgent, by_office = excluded.by_office,
      made_at = excluded.made_at, digest_id = null,
      -- said again before it went anywhere, it goes out once
      occasion = earlier.occasion + case when exists (
        select from notice_delivery as gone
        where gone.notice_id = earlier.id and gone.occasion = earlier.occasion and gone.state <> 'waiting') then 1 else 0 end
    returning earlier.id
  )
  select array_agg(kept.id) into made from kept;
  if made is null then return 0; end if;

  perform put_out_notices(made, day);
  return cardinality(made);
end $$;

-- One notice a person about something that concerns many units at once, each with facts of its own: `told` has {unit, facts, path} in
-- order, and who holds an office in several is told of the first. Whoever had a notice of that key, read or not, is told no more.
create function make_notices_of_units(kind text, told jsonb, roles text[], about_type text, about_id uuid, is_required boolean, is_urgent boolean,
  by_office boolean, once_key text, but_person uuid, on_day date) returns integer
language plpgsql security definer set search_path = public, pg_temp as $$
#variable_conflict use_column
declare
  made uuid[];
begin
  with target as materialized (
    select (one.value ->> 'unit')::uuid as unit_id, one.value -> 'facts' as facts, one.value ->> 'path' as path, one.nth
    from jsonb_array_elements(told) with ordinality as one (value, nth)
  ), recipient as (
    select distinct on (office.person_id) office.person_id, target.unit_id, target.facts, target.path
    from target
    join office on office.unit_id = target.unit_id and office.role = any (roles) and office.during @> on_day
    join person on person.id = office.person_id and person.merged_into is null
    where office.person_id is distinct from but_person
      and not exists (select from notice as earlier where earlier.person_id = office.person_id and earlier.merge_key = once_key)
    order by office.person_id, target.nth
  ), kept as (
    insert into notice (person_id, kind, about_type, about_id, unit_id, facts, path, is_required, is_urgent, by_office, merge_key)
    select recipient.person_id, make_notices_of_units.kind, make_notices_of_units.about_type, make_notices_of_units.about_id, recipient.unit_id, recipient.facts,
           recipient.path, make_notices_of_units.is_required, make_notices_of_units.is_urgent, make_notices_of_units.by_office, once_key
    from recipient
    order by recipient.person_id
    on conflict (person_id, merge_key) where read_at is null and merge_key is not null do nothing
    returning notice.id
  )
  select array_agg(kept.id) into made from kept;
  if made is null then return 0; end if;
  perform put_out_notices(made, on_day);
  return cardinality(made);
end $$;

-- A new address gets its letter with the link; five a day, so that nobody fills another's mailbox.
create function ask_for_confirmation() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if (select count(*) from notice_delivery
      where notice_delivery.person_id = new.person_id and notice_delivery.purpose = 'confirm' and notice_delivery.made_at > now() - interval '1 day') >= 5 then
    raise exception 'too many letters to confirm an address' using errcode = 'check_violation', constraint = 'address_is_confirmed_five_times_a_day';
  end if;
  insert into notice_delivery (purpose, person_id, address_id) values ('confirm', new.person_id, new.id);
  perform pg_notify('notice_delivery', '');
  return null;
end $$;
create trigger notice_address_is_confirmed after insert on notice_address for each row execute function ask_for_confirmation();

-- Sends once more what is dead or held: of webhooks the viewer keeps, one's own, and letters of people the viewer administers.
create function resend_deliveries(chosen uuid[]) returns integer
language sql security definer set search_path = public, pg_temp as $$
  with again as (
    update notice_delivery set state = 'waiting', attempts = 0, not_before = now(), since = now()
    where notice_delivery.id = any (chosen) and notice_delivery.state in ('dead', 'held') and viewer_acting() is null
      and (notice_delivery.webhook_id is null and is_administered(notice_delivery.person_id) or exists (
        select from webhook
        join unit_ancestor on unit_ancestor.unit_id = webhook.unit_id and unit_ancestor.standing @> (select viewer_today())
        where webhook.id = notice_delivery.webhook_id and unit_ancestor.ancestor_id in (select viewer_administered_tops())))
    returning notice_delivery.id
  ), told as (
    select pg_notify('notice_delivery', '') where exists (select from again)
  )
  select count(again.id)::integer from again left join told on true
$$;

-- How letters fare, for who administers people: counts and what servers said, nobody's name or address.
create function administered_letters() returns table (id uuid, purpose text, state text, attempts integer, made_at timestamptz, since timestamptz, problem text)
language sql stable security definer set search_path = public, pg_temp as $$
  select notice_delivery.id, notice_delivery.purpose, notice_delivery.state, notice_delivery.attempts, notice_delivery.made_at, notice_delivery.since, notice_delivery.problem
  from notice_delivery
  where notice_delivery.webhook_id is null and notice_delivery.state in ('dead', 'held')
    and exists (select viewer_administered_tops()) and is_administered(notice_delivery.person_id)
  order by notice_delivery.since desc
  limit 200
$$;

-- A session that has ended ends its streams, in whichever process they are.
create function tell_session_over() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform pg_notify('session_over', old.id::text);
  return null;
end $$;
create trigger account_session_is_over after delete on account_session for each row execute function tell_session_over();

grant execute on function make_notices(text, uuid[], uuid[], text[], text, uuid, uuid, jsonb, text, boolean, boolean, text, date),
  notice_mail_mode(text, jsonb, text, boolean, boolean), resend_deliveries(uuid[]), administered_letters() to app;

alter table notice enable row level security;
create policy notice_of_viewer on notice to app using (person_id = viewer_person());
create policy notice_is_not_borrowed on notice as restrictive to app using ((select viewer_acting()) is null or not by_office);
grant select, update (read_at) on notice to app;

-- Where somebody is reached is their own: no helper and no administrator sees it.
alter table notice_address enable row level security;
create policy notice_address_of_viewer on notice_address to app using (person_id = viewer_person() and (select viewer_acting()) is null);
grant select, insert (id, person_id, address, language), update (language), delete on notice_address to app;

alter table notice_choice enable row level security;
create policy notice_choice_of_viewer on notice_choice to app using (person_id = viewer_person() and (select viewer_acting()) is null);
grant select, insert, update on notice_choice to app;

alter table webhook enable row level security;
create policy webhook_of_viewer on webhook to app using (
  exists (
    select from unit_ancestor
    where unit_ancestor.unit_id = webhook.unit_id and unit_ancestor.ancestor_id = any (array(select viewer_administered_tops()))
      and unit_ancestor.standing @> (select viewer_today())));
grant select (id, unit_id, name, url, kinds, is_on, recorded_at, recorded_by, on_behalf_of, version), insert, update (name, url, kinds, secret_sealed, is_on, version), delete on webhook to app;

alter table notice_delivery enable row level security;
create policy notice_delivery_of_viewer on notice_delivery for select to app
  using (webhook_id in (select webhook.id from webhook) or (webhook_id is null and person_id = viewer_person() and (select viewer_acting()) is null));
grant select on notice_delivery to app;

alter table calendar_link enable row level security;
create policy calendar_link_of_viewer on calendar_link to app using (person_id = viewer_person() and (select viewer_acting()) is null);
grant select, insert, update, delete on calendar_link to app;
