-- The same rows as before, asked of each row's unit: `unit_id in (select viewer_figure_units())` lists a whole city (2.4 ms at 3,260
-- units) once for every table of a statement, and most statements look at a handful of rows. A row costs 3 µs instead.
alter policy study_session_of_viewer on study_session using (
  exists (
    select from unit_ancestor
    where unit_ancestor.unit_id = study_session.unit_id and unit_ancestor.ancestor_id = any (array(select viewer_tops()))
      and unit_ancestor.standing @> (select viewer_today()))
  or unit_id in (select viewer_chain()));
alter policy sitting_of_viewer on sitting using (
  exists (
    select from unit_ancestor
    where unit_ancestor.unit_id = sitting.unit_id and unit_ancestor.ancestor_id = any (array(select viewer_tops()))
      and unit_ancestor.standing @> (select viewer_today()))
  or unit_id in (select viewer_chain()));
alter policy declaration_of_viewer on declaration using (
  exists (
    select from unit_ancestor
    where unit_ancestor.unit_id = declaration.unit_id and unit_ancestor.ancestor_id = any (array(select viewer_tops()))
      and unit_ancestor.standing @> (select viewer_today()))
  or unit_id in (select viewer_chain()));
alter policy head_count_of_viewer on head_count using (
  exists (
    select from unit_ancestor
    where unit_ancestor.unit_id = head_count.unit_id and unit_ancestor.ancestor_id = any (array(select viewer_tops()))
      and unit_ancestor.standing @> (select viewer_today()))
  or unit_id in (select viewer_chain()));
alter policy study_session_category_of_viewer on study_session_category using (
  exists (select from study_session where study_session.id = study_session_category.session_id));
alter policy sitting_topic_of_viewer on sitting_topic using (exists (select from sitting where sitting.id = sitting_topic.sitting_id));
alter policy declaration_part_of_viewer on declaration_part using (
  exists (select from declaration where declaration.id = declaration_part.declaration_id));
alter policy audit_entry_of_viewer on audit_entry using (
  actor_id = viewer_person()
  or exists (
    select from unit_ancestor
    where unit_ancestor.unit_id = audit_entry.unit_id and unit_ancestor.ancestor_id = any (array(select viewer_tops()))
      and unit_ancestor.standing @> (select viewer_today())));
alter policy filing_of_viewer on filing using (
  exists (
    select from unit_ancestor
    where unit_ancestor.unit_id = filing.unit_id and unit_ancestor.ancestor_id = any (array(select viewer_tops()))
      and unit_ancestor.standing @> (select viewer_today())));
alter policy submission_of_viewer on submission using (
  exists (
    select from unit_ancestor
    where unit_ancestor.unit_id = submission.unit_id and unit_ancestor.ancestor_id = any (array(select viewer_tops()))
      and unit_ancestor.standing @> (select viewer_today())));
alter policy filing_event_of_viewer on filing_event using (
  exists (
    select from unit_ancestor
    where unit_ancestor.unit_id = filing_event.unit_id and unit_ancestor.ancestor_id = any (array(select viewer_tops()))
      and unit_ancestor.standing @> (select viewer_today())));
alter policy question_of_viewer on question using (
  exists (
    select from unit_ancestor
    where unit_ancestor.unit_id = question.unit_id and unit_ancestor.ancestor_id = any (array(select viewer_tops()))
      and unit_ancestor.standing @> (select viewer_today())));
alter policy office_of_viewer on office using (
  person_id = viewer_person()
  or exists (
    select from unit_ancestor
    where unit_ancestor.unit_id = office.unit_id and unit_ancestor.ancestor_id = any (array(select viewer_named_tops()))
      and unit_ancestor.standing @> (select viewer_today()))
  or unit_id in (select viewer_places()));

-- As in 0008, asking of the offices that this one person held instead of listing every unit the viewer sees, once an entry shown.
create or replace function office_holder_name(person uuid) returns text
language sql stable security definer set search_path = public, pg_temp as $$
  select person.name
  from person
  where person.id = $1
    and (person.id = viewer_person() or exists (
      select from office
      where office.person_id = person.id
        and (office.unit_id in (select viewer_places()) or exists (
          select from unit_ancestor
          where unit_ancestor.unit_id = office.unit_id and unit_ancestor.ancestor_id = any (array(select viewer_named_tops()))
            and unit_ancestor.standing @> (select viewer_today())))))
$$;

-- Current marks of each sitting by status, of whichever unit the people are; the same rows as before, by asking of these sittings alone.
create or replace function sitting_tallies(sittings uuid[]) returns table (sitting_id uuid, status text, people bigint)
language sql stable security definer set search_path = public, pg_temp as $$
  with asked as materialized (
    select sitting.id, sitting.unit_id from sitting where sitting.id = any (sittings)
  )
  select mark.sitting_id, mark.status, count(*)
  from mark
  join asked on asked.id = mark.sitting_id
  where mark.superseded_at is null and asked.unit_id in (select viewer_figure_units_among(array(select distinct asked.unit_id from asked)))
  group by mark.sitting_id, mark.status
$$;
