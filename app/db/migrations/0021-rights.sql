-- Rights that explain themselves, and what is held about a person.

-- Everything that gives the viewer a right today: offices (also over units that were abolished into one's own), membership, assignments.
-- Offices are asked of viewer_offices(), which enforces; `via` is the office's own unit where the right was taken over.
create function right_grounds() returns table (ground bigint, kind text, role text, title text, unit_id uuid, via uuid, since date, until date)
language sql stable security definer rows 4 set search_path = public, pg_temp as $$
  select row_number() over (order by given.position, given.since, given.unit_id, given.role), given.kind, given.role, given.title, given.unit_id, given.via,
         nullif(given.since, '-infinity'), given.until
  from (
    select 1 as position, 'office' as kind, held.role, own.title, held.unit_id, null::uuid as via, lower(own.during) as since, upper(own.during) as until
    from viewer_offices() as held
    join office as own on own.person_id = viewer_person() and own.unit_id = held.unit_id and own.role = held.role
      and own.during @> (select viewer_today())
    union all
    select 2, 'succession', held.role, null, held.unit_id, taker.to_unit_id, taker.on_date, null
    from viewer_offices() as held
    cross join lateral (
      select succession.to_unit_id, succession.on_date from succession
      where succession.from_unit_id = held.unit_id
        and exists (select from viewer_offices() as own where own.unit_id = succession.to_unit_id and own.role = held.role)
      order by succession.on_date limit 1) as taker
    where not exists (
      select from office where office.person_id = viewer_person() and office.unit_id = held.unit_id and office.role = held.role
        and office.during @> (select viewer_today()))
    union all
    select 3, 'assignment', null, null, inspection_assignment.unit_id, null, lower(inspection_assignment.during), upper(inspection_assignment.during)
    from inspection_assignment
    where inspection_assignment.person_id = viewer_person() and inspection_assignment.during @> (select viewer_today())
      and inspection_assignment.unit_id in (select viewer_tops()) -- whoever acts for a person does not inspect for them
    union all
    select 4, 'membership', membership.status, null, membership.unit_id, null, lower(membership.during), upper(membership.during)
    from membership
    where membership.person_id = viewer_person() and membership.during @> (select viewer_today())
  ) as given
$$;

-- Which ground opens what of which unit: its name, its figures, its people; to an administrator the list of its people without
-- anything they did (`listed`). What the enforcing functions do not give is not there,
-- whatever the ground seems to promise; that nothing they give is without a ground is proved on random organisations.
create function right_reach() returns table (ground bigint, opens text, unit_id uuid, depth smallint)
language sql stable security definer set search_path = public, pg_temp as $$
  with given as materialized (
    select right_grounds.ground, right_grounds.unit_id,
           right_grounds.kind = 'assignment' as checks,
           right_grounds.kind in ('office', 'succession') and right_grounds.role in ('city_officer', 'secretary', 'deputy', 'clerk') as leads,
           right_grounds.kind in ('office', 'succession') and right_grounds.role = 'administrator' as administers,
           right_grounds.kind = 'membership' as belongs
    from right_grounds()
  ), beneath as (
    select given.ground, given.leads, given.checks, given.administers, unit_ancestor.unit_id, unit_ancestor.depth
    from given
    join unit_ancestor on unit_ancestor.ancestor_id = given.unit_id and unit_ancestor.standing @> (select viewer_today())
    where given.leads or given.checks or given.administers
  ), above as (
    select given.ground, given.leads, given.belongs, unit_ancestor.ancestor_id as unit_id, (-unit_ancestor.depth)::smallint as depth
    from given
    join unit_ancestor on unit_ancestor.unit_id = given.unit_id and unit_ancestor.standing @> (select viewer_today())
    where given.leads or given.checks or given.administers or given.belongs
  ), reach (ground, opens, unit_id, depth) as (
    select beneath.ground, 'name', beneath.unit_id, beneath.depth from beneath
    union
    select above.ground, 'name', above.unit_id, above.depth from above
    union
    select beneath.ground, 'figures', beneath.unit_id, beneath.depth from beneath where beneath.leads or beneath.checks
    union
    select above.ground, 'figures', above.unit_id, above.depth from above where above.leads or above.belongs
    union
    select beneath.ground, 'people', beneath.unit_id, beneath.depth from beneath
    where beneath.checks or (beneath.leads and beneath.depth <= (select (setting.value)::int from setting where setting.key = 'people_depth'))
    union
    select beneath.ground, 'listed', beneath.unit_id, beneath.depth from beneath where beneath.administers
  )
  select reach.ground, reach.opens, reach.unit_id, reach.depth
  from reach
  where case reach.opens
    when 'name' then reach.unit_id in (select viewer_units())
    when 'figures' then reach.unit_id in (select viewer_figure_units())
    when 'listed' then reach.unit_id in (
      select unit_ancestor.unit_id
      from viewer_administered_tops() as top (unit_id)
      join unit_ancestor on unit_ancestor.ancestor_id = top.unit_id and unit_ancestor.standing @> (select viewer_today()))
    else reach.unit_id in (select viewer_people_units()) end
$$;

-- Whether the person is on the list that the viewer administers: who belongs elsewhere is looked after there, whatever office they have here.
create function viewer_administers(person uuid) returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
  select is_administered(person)
$$;

-- The rights of one person, as ids and reasons: nothing that the rights open. Of oneself, or for an administrator of any account
-- beneath; null for anybody else. The enforcing functions run for that person, and the viewer is set back afterwards.
create function rights_of(person uuid) returns jsonb
language plpgsql volatile security definer set search_path = public, pg_temp as $$
declare
  asking uuid := viewer_person();
  told jsonb;
begin
  if asking is null or not (person = asking or viewer_administers(person)) then return null; end if;
  perform set_config('app.viewer', person::text, true);
  select jsonb_build_object(
    'name', (select each_one.name from person as each_one where each_one.id = rights_of.person),
    'grounds', (select coalesce(jsonb_agg(jsonb_build_object('ground', given.ground, 'kind', given.kind, 'role', given.role, 'title', given.title,
        'unitId', given.unit_id, 'viaId', given.via, 'since', given.since, 'until', given.until) order by given.ground), '[]') from right_grounds() as given),
    'reach', (select coalesce(jsonb_agg(jsonb_build_object('ground', each_one.ground, 'opens', each_one.opens, 'units', each_one.units, 'first', each_one.first)), '[]')
      from (
        select reach.ground, reach.opens, count(*) as units,
               (array_agg(reach.unit_id order by abs(reach.depth), unit_kind.position, unit.code))[1:4] as first
        from right_reach() as reach
        join unit on unit.id = reach.unit_id
        join unit_kind on unit_kind.key = unit.kind
        group by reach.ground, reach.opens
      ) as each_one),
    'totals', jsonb_build_object(
      'name', (select count(distinct seen) from viewer_units() as seen),
      'figures', (select count(distinct seen) from viewer_figure_units() as seen),
      'people', (select count(distinct seen) from viewer_people_units() as seen),
      'listed', (select count(distinct reach.unit_id) from right_reach() as reach where reach.opens = 'listed')),
    'campaigns', (select coalesce(jsonb_agg(seen), '[]') from viewer_campaigns() as seen)
  ) into told;
  perform set_config('app.viewer', asking::text, true);
  return told;
end $$;

-- Why a person sees a unit, in the terms of right_grounds; no row where nothing is opened.
create function right_to_unit(person uuid, unit uuid) returns table (ground bigint, opens text)
language plpgsql volatile security definer set search_path = public, pg_temp as $$
declare
  asking uuid := viewer_person();
begin
  if asking is null or not (person = asking or viewer_administers(person)) then return; end if;
  perform set_config('app.viewer', person::text, true);
  return query select distinct reach.ground, reach.opens from right_reach() as reach where reach.unit_id = right_to_unit.unit;
  perform set_config('app.viewer', asking::text, true);
end $$;

-- Why the viewer sees a person by name: it is oneself, or somebody who belongs, did so last, or is on a roster where a ground opens
-- people; or who belongs where the viewer administers, or nowhere and holds offices there alone.
create function right_to_person(whom uuid) returns table (ground bigint, how text, unit_id uuid)
language sql stable security definer set search_path = public, pg_temp as $$
  with reach as materialized (
    select reach.ground, reach.opens, reach.unit_id from right_reach() as reach where reach.opens in ('people', 'listed')
  ), place as materialized ( -- where the person belongs, or did last
    select membership.unit_id
    from membership
    where membership.person_id = whom
      and (membership.during @> (select viewer_today()) or not exists (
        select from membership as later
        where later.person_id = membership.person_id and lower(later.during) >= upper(membership.during)))
  )
  select null::bigint, 'oneself', null::uuid where whom = viewer_person()
  union
  select reach.ground, 'membership', reach.unit_id
  from place
  join reach on reach.unit_id = place.unit_id and reach.opens = 'people'
  where whom in (select viewer_people())
  union
  select reach.ground, 'roster', reach.unit_id
  from roster
  join reach on reach.unit_id = roster.unit_id and reach.opens = 'people'
  where roster.person_id = whom and roster.superseded_at is null and whom in (select viewer_people())
  union
  select reach.ground, 'listed', reach.unit_id
  from (
    select place.unit_id from place
    union
    select office.unit_id from office where office.person_id = whom and office.during @> (select viewer_today()) and is_kept_by_office(whom)
  ) as part
  join reach on reach.unit_id = part.unit_id and reach.opens = 'listed'
  where exists (select viewer_administered_tops()) and is_administered(whom)
$$;
grant execute on function right_grounds(), right_reach(), viewer_administers(uuid), rights_of(uuid), right_to_unit(uuid, uuid), right_to_person(uuid) to app;

-- A person's request to put right what is held about them. It changes nothing by itself.
create table amendment (
  id uuid primary key,
  person_id uuid not null references person (id),
  unit_id uuid not null references unit (id), -- who answers: its secretary, a deputy or the clerk, or those directly above
  item text not null,                         -- which fact, as in what is held: name, membership, mark, ...
  row_id uuid,                                -- the row meant, where the fact is one of several
  held text not null,                         -- as it stood when asked
  wanted text not null,
  reason text not null,
  asked_at timestamptz not null default clock_timestamp(),
  asked_by uuid not null references person (id), -- oneself, or who acts for one
  due_on date not null,
  outcome text,                               -- null: waits for an answer
  answer text,
  answered_at timestamptz,
  answered_by uuid references person (id),
  version integer not null default 1,
  constraint amendment_is_of_a_size check (length(item) <= 60 and length(held) <= 2000 and length(wanted) between 1 and 2000 and length(reason) between 1 and 2000 and length(answer) <= 2000),
  constraint amendment_outcome_is_known check (outcome in ('corrected', 'refused', 'withdrawn')),
  constraint amendment_is_answered_whole check ((outcome is null) = (answered_at is null)),
  constraint refused_amendment_says_why check (outcome <> 'refused' or btrim(coalesce(answer, '')) <> ''),
  constraint amendment_is_not_answered_by_who_asked check ((answered_by <> person_id and answered_by <> asked_by) or outcome = 'withdrawn')
);
create unique index fact_has_one_open_amendment on amendment (person_id, item, coalesce(row_id, '00000000-0000-0000-0000-000000000000')) where outcome is null;
create index amendment_by_unit on amendment (unit_id, due_on) where outcome is null;
create index amendment_by_person on amendment (person_id, asked_at);

-- Units whose people's requests one answers: one's own and those directly beneath.
create function viewer_amendment_units() returns setof uuid
language sql stable security definer rows 8 set search_path = public, pg_temp as $$
  select unit_ancestor.unit_id
  from viewer_offices() as held
  join unit_ancestor on unit_ancestor.ancestor_id = held.unit_id and unit_ancestor.depth <= 1 and unit_ancestor.standing @> (select viewer_today())
  where held.role in ('secretary', 'deputy', 'clerk')
$$;
grant execute on function viewer_amendment_units() to app;

select keep_both_names_on('amendment', 'asked_by');

alter table amendment enable row level security;
create policy amendment_of_viewer on amendment for select to app
  using (person_id = viewer_person() or unit_id in (select viewer_amendment_units()));
create policy amendment_is_asked_for_oneself on amendment for insert to app with check (person_id = viewer_person());
create policy amendment_is_answered_in_its_unit on amendment for update to app
  using (person_id = viewer_person() or unit_id in (select viewer_amendment_units()));
grant select, insert on amendment to app;
grant update (outcome, answer, answered_at, answered_by, version) on amendment to app;

-- Requests go with the facts they are about when two entries become one. Where both ask about one fact, that of the entry given up rests as
-- withdrawn; one that the kept person has answered stays, since nobody answers oneself. Returns which were moved, and which of them rest.
create function move_amendments(gone uuid, keep uuid) returns jsonb
language plpgsql set search_path = public, pg_temp as $$
declare
  moved jsonb;
begin
  select coalesce(jsonb_agg(jsonb_build_object('id', theirs.id, 'rests', theirs.outcome is null and exists (
    select from amendment as own
    where own.person_id = keep and own.outcome is null and own.item = theirs.item and own.row_id is not distinct from theirs.row_id))), '[]')
  into moved
  from amendment as theirs
  where theirs.person_id = gone and (theirs.answered_by is distinct from keep or theirs.outcome = 'withdrawn');
  update amendment
  set outcome = 'withdrawn', answered_at = clock_timestamp(), answered_by = viewer_person(), version = amendment.version + 1
  from jsonb_to_recordset(moved) as was (id uuid, rests boolean)
  where amendment.id = was.id and was.rests;
  update amendment set person_id = keep, version = amendment.version + 1
  from jsonb_to_recordset(moved) as was (id uuid)
  where amendment.id = was.id;
  return moved;
end $$;

-- Gives them back when the merge is taken back: answers that were given since stay, and what rested for the merge alone waits again.
create function return_amendments(moved jsonb, gone uuid) returns void
language sql set search_path = public, pg_temp as $$
  update amendment
  set person_id = gone, version = amendment.version + 1,
      outcome = case when not was.rests then amendment.outcome end,
      answered_at = case when not was.rests then amendment.answered_at end,
      answered_by = case when not was.rests then amendment.answered_by end
  from jsonb_to_recordset(moved) as was (id uuid, rests boolean)
  where amendment.id = was.id
$$;

-- The name that goes with a request: who answers for the unit may see who asks, also where the roster has not caught up.
create function amendment_asker(amendment_id uuid) returns text
language sql stable security definer set search_path = public, pg_temp as $$
  select person.name
  from amendment
  join person on person.id = amendment.person_id
  where amendment.id = amendment_id
    and (amendment.person_id = viewer_person() or amendment.unit_id in (select viewer_amendment_units()))
$$;
grant execute on function amendment_asker(uuid) to app;

-- Everything held about the viewer, one row a fact, also what was superseded: one's own, whatever the unit it stands in has become.
create function held_rows() returns table (item text, row_id uuid, unit text, detail jsonb, since date, until date, recorded_at timestamptz, recorded_by text, source text)
language sql stable security definer set search_path = public, pg_temp as $$
  with entered as materialized ( -- who last entered what itself does not say so
    select distinct on (audit_entry.subject_id) audit_entry.subject_id, audit_entry.at, audit_entry.actor_id
    from audit_entry
    where audit_entry.subject_type in ('person', 'membership', 'office')
      and audit_entry.subject_id in (
        select viewer_person()::text
        union all select membership.id::text from membership where membership.person_id = viewer_person()
        union all select office.id::text from office where office.person_id = viewer_person())
    order by audit_entry.subject_id, audit_entry.id desc
  ), fact (position, item, row_id, unit_id, detail, since, until, recorded_at, recorder, source) as (
    select entry.position, entry.item, null::uuid, null::uuid, jsonb_build_object('value', entry.value), null::date, null::date, entered.at, entered.actor_id, null::text
    from person
    left join entered on entered.subject_id = person.id::text
    cross join lateral (values
      (1, 'name', person.name), (2, 'born', person.born_on::text), (3, 'gender', person.gender), (4, 'phone', person.phone), (5, 'card', person.card_number)
    ) as entry (position, item, value)
    where person.id = viewer_person() and entry.value is not null
    union all
    select 10, 'membership', membership.id, membership.unit_id, jsonb_build_object('status', membership.status, 'reason', membership.exempt_reason, 'category', membership.category_key),
           lower(membership.during), upper(membership.during), entered.at, entered.actor_id, null
    from membership
    left join entered on entered.subject_id = membership.id::text
    where membership.person_id = viewer_person()
    union all
    select 11, 'office', office.id, office.unit_id, jsonb_build_object('role', office.role, 'title', office.title), lower(office.during), upper(office.during), entered.at, entered.actor_id, null
    from office
    left join entered on entered.subject_id = office.id::text
    where office.person_id = viewer_person()
    union all
    select 12, 'assignment', assigned.id, assigned.unit_id, '{}', lower(assigned.during), upper(assigned.during), null, null, null
    from inspection_assignment as assigned
    where assigned.person_id = viewer_person()
    union all
    select 13, case when acting.helper_id = viewer_person() then 'helping' else 'helped' end, acting.id,
           case when acting.helped_id = viewer_person() then acting.unit_id end, -- where the other belongs is not the helper's to know
           jsonb_build_object('with', acting_name(case when acting.helper_id = viewer_person() then acting.helped_id else acting.helper_id end), 'reason', acting.reason, 'endedAt', acting.ended_at),
           lower(acting.during), upper(acting.during), acting.recorded_at, acting.recorded_by, acting.source
    from acting
    where acting.helper_id = viewer_person() or acting.helped_id = viewer_person()
    union all
    select 14, 'change', change.id, change.unit_id,
           jsonb_build_object('kind', change.kind, 'reason', change.reason, 'to', taker.name, 'undoneAt', change.undone_at),
           change.from_day, null, change.recorded_at, change.recorded_by, change.source::text
    from member_change as change
    left join unit as taker on taker.id = change.to_unit_id
    where change.person_id = viewer_person()
    union all
    select 15, 'merge', merged.id, merged.unit_id, jsonb_build_object('name', merged.gone_name, 'reason', merged.reason, 'undoneAt', merged.undone_at),
           null, null, merged.recorded_at, merged.recorded_by, merged.source::text
    from person_merge as merged
    where merged.kept_id = viewer_person()
    union all
    select 20, 'roster', roster.id, roster.unit_id,
           jsonb_build_object('campaign', campaign.name, 'mustStudy', roster.must_study, 'mustWrite', roster.must_write, 'reason', roster.exempt_reason, 'category', category.name, 'replacedAt', roster.superseded_at),
           lower(roster.during), upper(roster.during), roster.recorded_at, roster.recorded_by, roster.source::text
    from roster
    join campaign on campaign.id = roster.campaign_id
    left join category on category.campaign_id = roster.campaign_id and category.key = roster.category_key
    where roster.person_id = viewer_person()
    union all
    select 21, 'mark', mark.id, sitting.unit_id,
           jsonb_build_object('session', study_session.name, 'campaign', campaign.name, 'status', mark.status, 'reason', mark.reason, 'replacedAt', mark.superseded_at, 'cancelledAt', study_session.cancelled_at),
           sitting.held_on, null, mark.recorded_at, mark.recorded_by, mark.source::text
    from mark
    join sitting on sitting.id = mark.sitting_id
    join study_session on study_session.id = sitting.session_id
    join campaign on campaign.id = mark.campaign_id
    where mark.person_id = viewer_person()
    union all
    select 30, 'amendment', amendment.id, amendment.unit_id,
           jsonb_build_object('item', amendment.item, 'held', amendment.held, 'wanted', amendment.wanted, 'reason', amendment.reason, 'outcome', amendment.outcome, 'answer', amendment.answer),
           null, amendment.due_on, amendment.asked_at, amendment.asked_by, null
    from amendment
    where amendment.person_id = viewer_person()
    union all
    select 40, 'account', account.id, null, jsonb_build_object('username', account.username, 'disabled', account.is_disabled), null, null, account.created_at, null, null
    from account
    where account.person_id = viewer_person()
    union all
    select 41, 'session', account_session.id, null, jsonb_build_object('address', account_session.ip_address, 'browser', account_session.user_agent, 'expiresAt', account_session.expires_at), null, null, account_session.created_at, null, null
    from account_session
    join account on account.id = account_session.account_id
    where account.person_id = viewer_person() and viewer_acting() is null
    union all
    select 42, 'token', account_token.id, null, jsonb_build_object('name', account_token.name, 'scope', account_token.scope, 'revokedAt', account_token.revoked_at), null, account_token.ends_on, account_token.made_at, null, null
    from account_token
    join account on account.id = account_token.account_id
    where account.person_id = viewer_person() and viewer_acting() is null
    union all
    select 43, 'browser', null, null, jsonb_build_object('trustedUntil', account_browser.trusted_until), null, null, account_browser.seen_at, null, null
    from account_browser
    join account on account.id = account_browser.account_id
    where account.person_id = viewer_person() and viewer_acting() is null
    union all
    select 44, 'factor', null, null, '{}', null, null, account_second_factor.confirmed_at, null, null
    from account_second_factor
    join account on account.id = account_second_factor.account_id
    where account.person_id = viewer_person() and viewer_acting() is null and account_second_factor.confirmed_at is not null
    union all
    select 45, 'code', account_code.id, null, jsonb_build_object('usedAt', account_code.used_at), null, null, account_code.given_at, account_code.given_by, null
    from account_code
    join account on account.id = account_code.account_id
    where account.person_id = viewer_person() and viewer_acting() is null
    union all
    select 50, 'import', import.id, import.unit_id, jsonb_build_object('file', import.file_name, 'state', import.state), import.effective_on, null, import.created_at, import.person_id, import.source::text
    from import
    where import.person_id = viewer_person() and viewer_acting() is null
  )
  select fact.item, fact.row_id, unit.name, fact.detail, nullif(fact.since, '-infinity'), fact.until, fact.recorded_at,
         case when fact.recorder is not null then coalesce(acting_name(fact.recorder), '') end, fact.source
  from fact
  left join unit on unit.id = fact.unit_id
  order by fact.position, fact.since desc nulls last, fact.recorded_at desc nulls last, fact.row_id
$$;
grant execute on function held_rows() to app;
