-- A unit seals its report of a campaign also where no round was asked for: then the seal has no filing, and a day is sealed once.
-- What is sealed stays: neither a seal nor a correction is ever changed or taken away, by whomever.
alter table report_seal alter column filing_id drop not null;
alter table report_seal add column as_of date not null;
create unique index report_of_a_day_is_sealed_once on report_seal (campaign_id, unit_id, as_of) where filing_id is null;
create index report_seal_by_unit on report_seal (unit_id, sealed_at);
create index seal_correction_by_seal on seal_correction (seal_id, recorded_at);
alter table report_seal add constraint report_seal_hash_is_sha256 check (octet_length(hash) = 32);
alter table seal_correction add constraint seal_correction_is_of_a_size check (length(reason) <= 1000);
alter table seal_correction add constraint seal_correction_is_a_count check (numerator >= 0 and (denominator is null or denominator >= 0));

create function refuse_change_of_seal() returns trigger
language plpgsql as $$
begin
  raise exception 'what is sealed is only added to' using errcode = 'insufficient_privilege';
end $$;
create trigger report_seal_is_only_added before update or delete on report_seal for each row execute function refuse_change_of_seal();
create trigger report_seal_is_never_emptied before truncate on report_seal execute function refuse_change_of_seal();
create trigger seal_correction_is_only_added before update or delete on seal_correction for each row execute function refuse_change_of_seal();
create trigger seal_correction_is_never_emptied before truncate on seal_correction execute function refuse_change_of_seal();
