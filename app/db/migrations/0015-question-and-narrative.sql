-- What questions and the narrative report still lacked: when a question was answered, how many there are about a figure, and wording
-- that reads the same for everybody who sees the figures.
alter table question add column answered_at timestamptz; -- the first answer or correction
create index question_by_asker on question (asked_by_unit_id) where closed_at is null;
create index question_about_figure on question (campaign_id, unit_id, indicator);
create index question_left_waiting on question (due_on) where closed_at is null and answered_at is null and escalated_to_unit_id is null;

-- A question may be closed without a word.
alter table question_message drop constraint question_message_is_of_a_size;
alter table question_message add constraint question_message_is_of_a_size check (length(text) <= 5000 and (kind = 'closing' or btrim(text) <> ''));

-- Questions about a figure of a unit that the viewer sees; of a part of it where one is named.
create function questions_about(campaign uuid, unit uuid, key text, narrowed text) returns bigint
language sql stable set search_path = public, pg_temp as $$
  select count(*)
  from question
  where question.campaign_id = questions_about.campaign and question.unit_id = questions_about.unit and question.indicator = questions_about.key
    and questions_about.narrowed in ('', question.part)
$$;
grant execute on function questions_about(uuid, uuid, text, text) to app;

-- A unit words its own report; whoever sees its figures reads them in those words.
drop policy narrative_template_of_viewer on narrative_template;
create policy narrative_template_is_read_with_figures on narrative_template for select to app using (unit_id in (select viewer_figure_units()));
create policy narrative_template_is_added_for_oneself on narrative_template for insert to app with check (unit_id in (select viewer_office_units()));
create policy narrative_template_is_changed_for_oneself on narrative_template for update to app using (unit_id in (select viewer_office_units()));
create policy narrative_template_is_taken_back_for_oneself on narrative_template for delete to app using (unit_id in (select viewer_office_units()));
