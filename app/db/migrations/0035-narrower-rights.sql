-- What the database itself allows, where so far the operations alone stood between: who only reads a rule changes none, who only checks a
-- unit lets it off nothing, and nobody's own plan, unpublished material or own words show through what surrounds them.

-- A rule is made and changed by its own unit; it is read as before. `using` stays what one sees, so that who may not change it hears
-- why instead of that there is none.
drop policy duty_rule_of_viewer on duty_rule;
create policy duty_rule_of_viewer on duty_rule for select to app using (
  exists (
    select from unit_ancestor
    where unit_ancestor.unit_id = duty_rule.unit_id and unit_ancestor.ancestor_id = any (array(select viewer_tops()))
      and unit_ancestor.standing @> (select viewer_today()))
  or unit_id in (select viewer_ordering_units()));
create policy duty_rule_is_made_in_its_unit on duty_rule for insert to app with check (unit_id in (select viewer_office_units()));
create policy duty_rule_is_changed_in_its_unit on duty_rule for update to app
  using (
    exists (
      select from unit_ancestor
      where unit_ancestor.unit_id = duty_rule.unit_id and unit_ancestor.ancestor_id = any (array(select viewer_tops()))
        and unit_ancestor.standing @> (select viewer_today()))
    or unit_id in (select viewer_ordering_units()))
  with check (unit_id in (select viewer_office_units()));

-- Let off by an office above the unit, or by the unit's own where it ordered itself; never by who checks it, nor by who owes it.
drop policy duty_of_viewer on duty;
create policy duty_of_viewer on duty for select to app using (
  exists (
    select from unit_ancestor
    where unit_ancestor.unit_id = duty.unit_id and unit_ancestor.ancestor_id = any (array(select viewer_tops()))
      and unit_ancestor.standing @> (select viewer_today()))
  or (role is not null and unit_id in (select viewer_headed_units())));
create policy duty_is_waived_from_above on duty for update to app
  using (
    exists (
      select from unit_ancestor
      where unit_ancestor.unit_id = duty.unit_id and unit_ancestor.ancestor_id = any (array(select viewer_tops()))
        and unit_ancestor.standing @> (select viewer_today()))
    or (role is not null and unit_id in (select viewer_headed_units())))
  with check (
    exists (
      select from unit_ancestor
      where unit_ancestor.unit_id = duty.unit_id and unit_ancestor.ancestor_id = any (array(select viewer_office_units()))
        and unit_ancestor.depth > 0)
    or exists (
      select from duty_rule
      where duty_rule.id = duty.rule_id and duty_rule.unit_id in (select viewer_office_units())));

drop policy duty_urge_of_viewer on duty_urge;
create policy duty_urge_of_viewer on duty_urge for select to app using (
  exists (
    select from unit_ancestor
    where unit_ancestor.unit_id = duty_urge.unit_id and unit_ancestor.ancestor_id = any (array(select viewer_tops()))
      and unit_ancestor.standing @> (select viewer_today())));
create policy unit_is_urged_in_ones_own_name on duty_urge for insert to app with check (
  exists (
    select from unit_ancestor
    where unit_ancestor.unit_id = duty_urge.unit_id and unit_ancestor.ancestor_id = by_unit_id and unit_ancestor.depth > 0)
  and by_unit_id in (select viewer_office_units()));

-- Previewed on no document that the viewer does not see, and one that is not answers the same.
create or replace function preview_duties(rule jsonb, day date)
returns table (change text, duties bigint, units bigint, first jsonb)
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
  asked duty_rule := jsonb_populate_record(null::duty_rule, rule);
begin
  if current_setting('role') = 'app' and not exists (
    select from unit_ancestor
    where unit_ancestor.unit_id = asked.unit_id and unit_ancestor.ancestor_id in (select viewer_tops()) and unit_ancestor.standing @> viewer_today())
    or asked.basis_id is not null and not exists (
      select from document
      where document.id = asked.basis_id and document.state <> 'draft' and document.author_id is null
        and (current_setting('role') <> 'app'
          or document.unit_id in (select viewer_office_units())
          or document.unit_id in (select viewer_chain())
          or document.id in (select viewer_received_documents())
          or exists (
            select from unit_ancestor
            where unit_ancestor.unit_id = document.unit_id and unit_ancestor.ancestor_id in (select viewer_tops()) and unit_ancestor.standing @> viewer_today())))
  then
    raise exception 'this rule is not the viewer''s to make' using errcode = 'insufficient_privilege';
  end if;
  return query
  with changed as materialized (
    select duty_changes.* from duty_changes(asked, day) where duty_changes.change <> 'gone'
  ), named as (
    select changed.*, unit.code, unit.name, unit_kind.position, above.name as above,
           row_number() over (partition by changed.change order by unit_kind.position, unit.name collate "vi-x-icu", unit.id, changed.period) as nth
    from changed
    join unit on unit.id = changed.unit_id
    join unit_kind on unit_kind.key = unit.kind
    left join unit_ancestor on unit_ancestor.unit_id = unit.id and unit_ancestor.depth = 1 and unit_ancestor.standing @> day
    left join unit as above on above.id = unit_ancestor.ancestor_id
  )
  select named.change, count(*), count(distinct named.unit_id),
         jsonb_agg(jsonb_build_object('code', named.code, 'name', named.name, 'above', named.above, 'period', named.period, 'dueOn', named.due_on, 'wasDueOn', named.was_due_on)
           order by named.nth) filter (where named.nth <= 20)
  from named
  group by named.change;
end $$;

-- A head's own plan is not the unit's document: it moves no due day beneath, and no cell has received it.
create or replace function wanted_duties(rule duty_rule, day date, units uuid[] default null)
returns table (unit_id uuid, period text, due_on date, detail jsonb)
language plpgsql stable set search_path = public, pg_temp as $$
begin
  if rule.state = 'ended' then return; end if;
  return query
  with basis as (
    select document.issued_on from document where document.id = rule.basis_id and document.state <> 'draft'
  ), term as (
    select '' as period,
           case rule.due_mode when 'day' then rule.due_on when 'after_basis' then (select basis.issued_on + rule.due_days from basis) end as due_on
    where rule.due_mode <> 'monthly'
    union all
    -- months are laid ahead until the end of the next
    select to_char(month, 'YYYY-MM'), due.on_day
    from generate_series(date_trunc('month', rule.from_on), least(rule.until_on, day + interval '1 month'), interval '1 month') as month
    cross join lateral (
      select (month::date + least(rule.due_monthday, extract(day from month + interval '1 month - 1 day')::int) - 1) as on_day) as due
    where rule.due_mode = 'monthly' and due.on_day between rule.from_on and rule.until_on
  ), candidate as (
    select beneath.unit_id, beneath.during, beneath.depth, term.period,
           case when rule.due_mode = 'after_superior' then (
             select case
               when above.ancestor_id = rule.unit_id and rule.basis_id is not null then (select basis.issued_on from basis)
               else (
                 select min(document.issued_on) from document
                 where document.issuer_id = above.ancestor_id and document.campaign_id = rule.campaign_id and document.state = 'issued' and document.author_id is null
                   and document.type = coalesce(rule.detail ->> 'superiorType', rule.detail ->> 'type'))
             end + rule.due_days
             from unit_ancestor as above
             where above.unit_id = beneath.unit_id and above.depth = 1 and above.during @> least(day, coalesce(upper(beneath.during), 'infinity') - 1)
           ) else term.due_on end as due_on
    from unit_ancestor as beneath
    join unit on unit.id = beneath.unit_id
    join unit_kind on unit_kind.key = unit.kind
    cross join term
    where beneath.ancestor_id = rule.unit_id
      and beneath.depth >= rule.depth_from and (rule.depth_to is null or beneath.depth <= rule.depth_to)
      and (units is null or beneath.unit_id = any (units))
      and case when cardinality(rule.kinds) = 0 then unit_kind.has_members else unit.kind = any (rule.kinds) end
  )
  select candidate.unit_id, candidate.period, candidate.due_on,
         rule.detail || case when rule.basis_id is null then '{}' else coalesce((select jsonb_build_object('from', basis.issued_on) from basis), '{}') end
  from candidate
  where candidate.during @> least(day, coalesce(candidate.due_on, day))
    and (not rule.own_members or exists (
      select from membership
      where membership.unit_id = candidate.unit_id and membership.during @> least(day, coalesce(candidate.due_on, day))));
end $$;
create or replace function cells_reached(campaign uuid, units uuid[], by_day date) returns table (unit_id uuid, cells integer, reached integer, last_on date)
language plpgsql stable security definer set search_path = public, pg_temp set enable_nestloop = off as $$
#variable_conflict use_column
declare
  seen uuid[] := array(select viewer_figure_units_among(units));
begin
  return query
  select cell.top_id, count(*)::int, count(arrival.on_day)::int, max(arrival.on_day)
  from (
    select placed.ancestor_id as top_id, placed.unit_id
    from unit_ancestor as placed
    join unit on unit.id = placed.unit_id and unit.kind = 'cell'
    where placed.ancestor_id = any (seen) and placed.standing @> by_day
  ) as cell
  left join (
    select got.unit_id, min(got.on_day) as on_day
    from (
      select document_recipient.unit_id, case when document_recipient.received_at is null then document.issued_on else greatest(document.issued_on, deployment_day(document_recipient.received_at)) end as on_day
      from document
      join document_recipient on document_recipient.document_id = document.id
      where document.campaign_id = campaign and document.state = 'issued' and document_recipient.unit_id is not null
      union all
      select document.unit_id, document.issued_on
      from document
      where document.campaign_id = campaign and document.state = 'issued' and document.author_id is null
    ) as got
    where got.on_day <= by_day
    group by got.unit_id
  ) as arrival on arrival.unit_id = cell.unit_id
  group by cell.top_id;
end $$;

-- Answered where one belongs, and the words stand under one's own answer, for one's own cell.
create function viewer_answering_units() returns setof uuid
language sql stable security definer rows 4 set search_path = public, pg_temp as $$
  select asked.unit_id from viewer_asked_requests() as asked
$$;
grant execute on function viewer_answering_units() to app;
drop policy acknowledgement_is_given_by_oneself on acknowledgement;
create policy acknowledgement_is_given_by_oneself on acknowledgement for insert to app
  with check (person_id = viewer_person() and request_id in (select viewer_asked_request_ids()) and unit_id in (select viewer_answering_units()));
drop policy acknowledgement_sentence_is_ones_own on acknowledgement_sentence;
create policy acknowledgement_sentence_is_ones_own on acknowledgement_sentence for insert to app
  with check (
    person_id = viewer_person()
    and exists (
      select from acknowledgement
      where acknowledgement.id = acknowledgement_sentence.acknowledgement_id and acknowledgement.person_id = viewer_person() and acknowledgement.depth = 'can_say')
    and (unit_id is null or exists (
      select from membership
      where membership.person_id = viewer_person() and membership.unit_id = acknowledgement_sentence.unit_id and membership.during @> (select viewer_today()))));

-- Whether a request is still open, held so until the transaction ends: whoever closes it, or asks of a later version, waits.
create function hold_request(request uuid) returns boolean
language sql security definer set search_path = public, pg_temp as $$
  select acknowledgement_request.closed_at is null from acknowledgement_request where acknowledgement_request.id = hold_request.request for share
$$;
grant execute on function hold_request(uuid) to app;

-- Entries about a material that is not out, or about its next version, are its unit's; who answered what is read where names are.
create policy audit_entry_of_a_material_of_viewer on audit_entry as restrictive for select to app using (
  subject_type <> 'material'
  or unit_id in (select viewer_office_units())
  or (action not in ('material.added', 'material.written')
    and exists (select from material where material.id = case when audit_entry.subject_type = 'material' then audit_entry.subject_id::uuid end)));
create policy audit_entry_of_an_answer_of_viewer on audit_entry as restrictive for select to app using (
  action <> 'acknowledgement.given' or actor_id = viewer_person() or actor_id = (select viewer_acting()) or unit_id in (select viewer_people_units()));

-- A draft is its unit's alone, also one that its author has begun: who acts for the author borrows no office.
create policy draft_is_not_borrowed on document as restrictive for select to app using (state <> 'draft' or (select viewer_acting()) is null);
