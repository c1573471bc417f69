import { v7 } from 'uuid'
import type { Route } from './+types/draft-new.page'
import { showDay } from '../../platform/clock.ts'
import { chainOf, reasonAgainst } from '../../permissions/permissions.ts'
import { whyNot } from '../../permissions/who-could.server.ts'
import { Button, DisabledButton } from '../../web/button.tsx'
import { SelectField } from '../../web/field.tsx'
import { languageIn, useLanguage } from '../../web/language.ts'
import { Notice, ProblemList } from '../../web/notice.tsx'
import { idOf } from '../../web/params.server.ts'
import { read } from '../../web/read.server.ts'
import { Eyebrow, Lede, Shell } from '../../web/shell.tsx'
import { webWords } from '../../web/web.messages.ts'
import { write } from '../../web/write.server.ts'
import { clausesOf } from '../cascade/clauses.server.ts'
import { documentById } from '../documents/document-rows.server.ts'
import { typeName } from '../documents/numbers/type-rules.server.ts'
import { DocumentType as DocumentTypes } from '../documents/documents.schema.ts'
import { relationsOf } from '../documents/relations.server.ts'
import type { DocumentType } from '../documents/typesetting/official-document.ts'
import { placeOf } from '../units/place.server.ts'
import { draftingWords } from './drafting.messages.ts'
import { DraftBeginning } from './drafting.schema.ts'
import { beginDraft, dutyById, draftUnderWay } from './drafting.server.ts'

export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx, { url, language }) => {
    const { tx, viewer } = ctx
    const asked = (name: string) => url.searchParams.get(name) || null
    const duty = asked('duty') ? await dutyById(tx, idOf(asked('duty')!)) : null
    const superiorId = asked('from') ? idOf(asked('from')!) : (duty?.basisId ?? null)
    const superior = superiorId ? await documentById(tx, superiorId) : null
    const place = await placeOf(ctx, duty?.unitCode ?? asked('unit'), viewer.today)
    const type: DocumentType = duty?.type ?? 'plan'
    return {
      newId: v7(),
      place,
      duty: duty && { id: duty.id, title: duty.title, dueOn: duty.dueOn, isPersonal: duty.isPersonal },
      superior,
      type,
      types: DocumentTypes.options.map((value) => ({ value, label: typeName(value, language) })),
      copies: superior && { basis: (await relationsOf(tx, superior.id)).to.length + 1, clauses: (await clausesOf(tx, superior.id)).length },
      underWay: duty?.isPersonal ? null : await draftUnderWay(tx, place.unit.id, superior?.campaignId ?? duty?.campaignId ?? null, type),
      typeShown: typeName(type, language),
      reasonAgainst: await whyNot(tx, reasonAgainst(viewer, 'keep documents', await chainOf(tx, place.unit.id, viewer.today)), language),
    }
  })

export const action = (args: Route.ActionArgs) => write(args, DraftBeginning, beginDraft, { to: ({ documentId }) => `/drafts/${documentId}`, saved: () => draftingWords.say('draftBegun') })

export function meta({ matches }: Route.MetaArgs) {
  const language = languageIn(matches)
  return [{ title: `${draftingWords.in(language)('newTitle')} · ${webWords.in(language)('appName')}` }]
}

export default function DraftNewPage({ loaderData, actionData }: Route.ComponentProps) {
  const { place, duty, superior, type, types, copies, underWay, reasonAgainst: reason } = loaderData
  const t = draftingWords.in(useLanguage())
  const unit = place.unit.name
  return (
    <Shell section="documents" unitTrail={place.unitTrail} unitsBeneath={[]} mainClass="narrow-form" backHref={superior ? `/documents/${superior.id}` : '/'}>
      <Eyebrow>{duty?.isPersonal ? unit : t('newTitle')}</Eyebrow>
      <h1>{duty?.isPersonal ? duty.title : superior ? t('newFrom', { unit, number: superior.written ?? superior.abstract, issuer: superior.issuerName }) : t('newBlank', { unit })}</h1>
      <Lede>
        {t(duty?.isPersonal ? 'newPersonal' : 'newLede')} {duty?.dueOn && <b>{t('newDue', { day: showDay(duty.dueOn) })}</b>}
      </Lede>
      {underWay && (
        <Notice title={t('alreadyDrafting', { type: loaderData.typeShown })} actions={<a className="btn" href={`/drafts/${underWay}`}>{t('openDraft')}</a>} />
      )}
      <ProblemList problems={actionData?.problems} />
      {copies && (
        <section aria-labelledby="copies">
          <h2 id="copies" className="after-lede">
            {t('newCopies')}
          </h2>
          <ul className="sm rights">
            <li>{t('copyBasis', { count: copies.basis })}</li>
            <li>{copies.clauses > 0 ? t('copyClauses', { count: copies.clauses }) : t('copyClausesNone')}</li>
            <li>{t('copyTasks')}</li>
            <li>{t('copyRecipients')}</li>
          </ul>
        </section>
      )}
      <form method="post">
        <input type="hidden" name="newId" value={loaderData.newId} />
        <input type="hidden" name="unitCode" value={place.unit.code} />
        {superior && <input type="hidden" name="superiorId" value={superior.id} />}
        {duty && <input type="hidden" name="dutyId" value={duty.id} />}
        <SelectField name="type" label={t('newType')} options={types} value={actionData?.values['type'] ?? type} problem={actionData?.problems['type']} />
        <div className="btns">
          {reason === null ? (
            <Button kind="primary" isWide>
              {t('newBegin')}
            </Button>
          ) : (
            <DisabledButton reason={reason}>{t('newBegin')}</DisabledButton>
          )}
        </div>
      </form>
    </Shell>
  )
}
