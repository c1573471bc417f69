-- What reached somebody under two entries, and the personal plans of both, go along when the two become one, and come back when the
-- merge is taken back. Kept with the merge, so that each row goes back where it was.

-- Where both have choices, an address or a calendar of their own, those of the kept entry stand and the others rest.
create function move_notices(gone uuid, keep uuid) returns jsonb
language plpgsql set search_path = public, pg_temp as $$
declare
  moved uuid[];
  address uuid;
  chosen boolean;
  linked timestamptz;
begin
  -- what the kept person has unread under the same key says the same: theirs stays where it is
  select coalesce(array_agg(theirs.id), '{}') into moved
  from notice as theirs
  where theirs.person_id = gone and not (theirs.read_at is null and theirs.merge_key is not null and exists (
    select from notice as own where own.person_id = keep and own.read_at is null and own.merge_key = theirs.merge_key));
  update notice_choice set person_id = keep
  where notice_choice.person_id = gone and not exists (select from notice_choice as own where own.person_id = keep);
  chosen := found;
  update notice_address set person_id = keep
  where notice_address.person_id = gone and not exists (select from notice_address as own where own.person_id = keep)
  returning notice_address.id into address;
  update calendar_link set person_id = keep
  where calendar_link.person_id = gone and not exists (select from calendar_link as own where own.person_id = keep)
  returning calendar_link.made_at into linked;
  -- a daily letter that had not gone out is nobody's now: what it had is for the next one of the kept person
  update notice_delivery set state = 'dropped', since = clock_timestamp()
  where notice_delivery.person_id = gone and notice_delivery.purpose = 'digest' and notice_delivery.state in ('waiting', 'queued', 'held', 'dead');
  update notice
  set person_id = keep,
      digest_id = (select letter.id from notice_delivery as letter where letter.id = notice.digest_id and letter.state in ('sent', 'sending'))
  where notice.id = any (moved);
  update notice_delivery set person_id = keep where notice_delivery.notice_id = any (moved) or (notice_delivery.purpose = 'confirm' and notice_delivery.address_id = address);
  perform pg_notify('notice', keep::text);
  return jsonb_build_object('notices', to_jsonb(moved), 'chosen', chosen, 'address', address, 'linked', linked);
end $$;

create function return_notices(moved jsonb, gone uuid, keep uuid) returns void
language plpgsql set search_path = public, pg_temp as $$
declare
  back uuid[] := array(select jsonb_array_elements_text(coalesce(moved -> 'notices', '[]'))::uuid);
begin
  update notice set person_id = gone where notice.id = any (back) and notice.person_id = keep;
  update notice_delivery set person_id = gone where notice_delivery.notice_id = any (back);
  -- what was given anew since is the kept person's
  update notice_choice set person_id = gone where notice_choice.person_id = keep and (moved ->> 'chosen')::boolean;
  update notice_address set person_id = gone where notice_address.id = (moved ->> 'address')::uuid and notice_address.person_id = keep;
  update notice_delivery set person_id = gone where notice_delivery.purpose = 'confirm' and notice_delivery.address_id = (moved ->> 'address')::uuid;
  update calendar_link set person_id = gone where calendar_link.person_id = keep and calendar_link.made_at = (moved ->> 'linked')::timestamptz;
  perform pg_notify('notice', each_one::text) from unnest(array[keep, gone]) as each_one;
end $$;

-- A head's plan is its author's under whichever entry: a duty that it has done stays done.
create function move_plans(gone uuid, keep uuid) returns jsonb
language sql set search_path = public, pg_temp as $$
  with moved as (
    update document set author_id = keep where document.author_id = gone returning document.id
  )
  select coalesce(jsonb_agg(moved.id), '[]') from moved
$$;

create function merge_takes_along() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if tg_op = 'INSERT' then
    update person_merge
    set moved = new.moved || jsonb_build_object('notices', move_notices(new.gone_id, new.kept_id), 'plans', move_plans(new.gone_id, new.kept_id))
    where person_merge.id = new.id;
  else
    perform return_notices(new.moved -> 'notices', new.gone_id, new.kept_id);
    update document set author_id = new.gone_id
    where document.author_id = new.kept_id
      and document.id in (select (plan.value #>> '{}')::uuid from jsonb_array_elements(coalesce(new.moved -> 'plans', '[]')) as plan);
  end if;
  return null;
end $$;
create trigger merge_takes_along after insert on person_merge for each row execute function merge_takes_along();
create trigger merge_gives_back after update of undone_at on person_merge
  for each row when (old.undone_at is null and new.undone_at is not null) execute function merge_takes_along();
