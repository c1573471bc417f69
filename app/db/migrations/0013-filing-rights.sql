-- What reports up the tree still lacked: who may add to the register of figures, proofs that stay with a draft until it is handed
-- up, one asking once, and what is usual among like units without showing any of them.

-- A unit adds figures for itself; the product's own are added by migrations alone.
drop policy indicator_of_viewer on indicator;
create policy indicator_of_viewer on indicator for select to app using (unit_id is null or unit_id in (select viewer_figure_units()));
create policy indicator_is_added_for_oneself on indicator for insert to app with check (unit_id in (select viewer_office_units()));
create policy indicator_relation_is_added_for_oneself on indicator_relation for insert to app
  with check (indicator in (select indicator.key from indicator where indicator.unit_id in (select viewer_office_units())));
grant insert on indicator_relation to app;
alter table indicator add constraint own_indicator_name_is_of_a_size check (length(name) <= 300);

-- One asking once, however often the form is sent.
alter table report_round add constraint report_round_is_opened_once unique (unit_id, form_id, as_of, name);

-- A proof goes up with the submission that names it; until then it is part of the draft.
alter table evidence add column handed_up_at timestamptz;
drop policy evidence_of_viewer on evidence;
create policy evidence_of_viewer on evidence to app
  using ((handed_up_at is not null and filing_id in (select filing.id from filing)) or filing_id in (select viewer_draft_filings()));
grant update (handed_up_at) on evidence to app;
create index filing_value_by_filing on filing_value (filing_id);
create index filing_text_by_filing on filing_text (filing_id);
create index evidence_by_filing on evidence (filing_id);

-- Median of each figure, as a ratio to the members expected, among the latest submissions of the other units of the same kind in
-- the round, and the median distance from it. Fewer than five units say nothing: the value of a neighbour could be read from it.
create function like_filings(filing uuid) returns table (indicator text, units bigint, median double precision, deviation double precision)
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
  if current_setting('role') = 'app' and not exists (
    select from filing as own where own.id = like_filings.filing and own.unit_id in (select viewer_led_units())
  ) then
    raise exception 'this filing is not the viewer''s' using errcode = 'insufficient_privilege';
  end if;
  return query
  with latest as (
    select distinct on (submission.filing_id) submission.content
    from filing as own
    join unit on unit.id = own.unit_id
    join filing as other on other.round_id = own.round_id and other.id <> own.id and not other.is_consolidated
      and other.state in ('submitted', 'accepted')
    join unit as alike on alike.id = other.unit_id and alike.kind = unit.kind
    join submission on submission.filing_id = other.id
    where own.id = like_filings.filing
    order by submission.filing_id, submission.number desc
  ), ratio as (
    select figure.value ->> 'key' as indicator, (figure.value ->> 'numerator')::double precision / (latest.content ->> 'expected')::double precision as value
    from latest
    cross join lateral jsonb_array_elements(latest.content -> 'figures') as figure (value)
    where (latest.content ->> 'expected')::double precision > 0
  ), middle as (
    select ratio.indicator, count(*) as units, percentile_cont(0.5) within group (order by ratio.value) as median
    from ratio
    group by ratio.indicator
    having count(*) >= 5
  )
  select middle.indicator, middle.units, middle.median, percentile_cont(0.5) within group (order by abs(ratio.value - middle.median))
  from middle
  join ratio on ratio.indicator = middle.indicator
  group by middle.indicator, middle.units, middle.median;
end $$;
grant execute on function like_filings(uuid) to app;
