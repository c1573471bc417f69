-- What is held about the viewer in notices, documents and acknowledgements: the same shape as held_rows, which tells all else.
create function held_rows_of_documents() returns table (item text, row_id uuid, unit text, detail jsonb, since date, until date, recorded_at timestamptz, recorded_by text, source text)
language sql stable security definer set search_path = public, pg_temp as $$
  with fact (position, item, row_id, unit_id, detail, since, recorded_at, recorder, source) as (
    select 1, 'plan', document.id, document.unit_id,
           jsonb_build_object('abstract', document.abstract, 'state', document.state), document.issued_on, document.recorded_at, document.recorded_by, document.source::text
    from document
    where document.author_id = viewer_person()
    union all
    select 2, 'acknowledgement', given.id, given.unit_id,
           jsonb_build_object('title', coalesce(material.title, document.abstract), 'depth', given.depth, 'sentence', said.sentence, 'replacedAt', given.superseded_at),
           given.answered_on, given.recorded_at, given.recorded_by, given.source
    from acknowledgement as given
    join acknowledgement_request as request on request.id = given.request_id
    left join acknowledgement_sentence as said on said.acknowledgement_id = given.id
    left join material_version on material_version.id = request.version_id
    left join material on material.id = material_version.material_id
    left join document on document.id = request.document_id
    where given.person_id = viewer_person()
    union all
    select 3, 'address', notice_address.id, null, jsonb_build_object('value', notice_address.address, 'confirmedAt', notice_address.confirmed_at), null, notice_address.asked_at, null, null
    from notice_address
    where notice_address.person_id = viewer_person() and viewer_acting() is null
    union all
    select 4, 'choice', null, null, jsonb_build_object('scope', notice_choice.scope, 'hour', notice_choice.digest_hour, 'from', notice_choice.quiet_from, 'to', notice_choice.quiet_to), null, null, null, null
    from notice_choice
    where notice_choice.person_id = viewer_person() and viewer_acting() is null
    union all
    select 5, 'calendar', null, null, '{}', null, calendar_link.made_at, null, null
    from calendar_link
    where calendar_link.person_id = viewer_person() and viewer_acting() is null
    union all
    select 6, 'notice', notice.id, notice.unit_id, jsonb_build_object('kind', notice.kind, 'readAt', notice.read_at), null, notice.made_at, null, null
    from notice
    where notice.person_id = viewer_person() and (viewer_acting() is null or not notice.by_office)
  )
  select fact.item, fact.row_id, unit.name, fact.detail, fact.since, null::date, fact.recorded_at,
         case when fact.recorder is not null then coalesce(acting_name(fact.recorder), '') end, fact.source
  from fact
  left join unit on unit.id = fact.unit_id
  order by fact.position, fact.recorded_at desc nulls last, fact.row_id
$$;
grant execute on function held_rows_of_documents() to app;
