import type { Route } from './+types/documents.page'
import { chainOf, reasonAgainst } from '../../../permissions/permissions.ts'
import { addressOf } from '../../../web/addresses.ts'
import { Button, ButtonLink, Buttons } from '../../../web/button.tsx'
import { DataTable, Pagination } from '../../../web/data-table.tsx'
import { DayField, Field, SelectField } from '../../../web/field.tsx'
import { DayText, Figures, Tag } from '../../../web/figure.tsx'
import { languageIn, useLanguage } from '../../../web/language.ts'
import { EmptyState } from '../../../web/notice.tsx'
import { problemsOf } from '../../../web/problems.ts'
import { noSuchDay } from '../../../web/inputs.ts'
import { read } from '../../../web/read.server.ts'
import { Shell } from '../../../web/shell.tsx'
import { webWords } from '../../../web/web.messages.ts'
import { currentCampaign, listCampaigns } from '../../campaigns/campaigns.server.ts'
import { ownUnit } from '../../units/place.server.ts'
import { DocumentSearch, DocumentType } from '../documents.schema.ts'
import { numbersWords } from '../numbers/numbers.messages.ts'
import { impossibleIn } from '../numbers/read-day.server.ts'
import { documentsOnAPage, searchDocuments, waitingFor, type DocumentLine } from '../search.server.ts'
import { capital } from './document-parts.tsx'
import { registerWords } from './register.messages.ts'

const names = ['words', 'type', 'from', 'until', 'campaign', 'whose', 'unit', 'state'] as const

export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx, { url, language }) => {
    const { tx, viewer } = ctx
    const typed = Object.fromEntries(names.map((name) => [name, url.searchParams.get(name) ?? '']))
    const { problems, input } = problemsOf(DocumentSearch, { ...typed, page: url.searchParams.get('page') ?? 1 }, language)
    const asked = (input ?? { page: 1 }) as DocumentSearch
    const impossible = impossibleIn(typed['words'] ?? '')
    const own = await ownUnit(ctx)
    const { total, documents } = problems ? { total: 0, documents: [] } : await searchDocuments(ctx, asked)
    return {
      typed,
      problems: impossible ? { ...problems, words: noSuchDay(impossible)!(language) } : problems,
      total,
      documents,
      page: asked.page,
      pages: Math.ceil(total / documentsOnAPage),
      isNarrowed: names.some((name) => typed[name]),
      waiting: await waitingFor(ctx),
      campaigns: (await listCampaigns(tx)).map(({ code, name }) => ({ code, name })),
      current: (await currentCampaign(tx, url.searchParams.get('campaign')))?.code ?? null,
      seesUnits: viewer.offices.some(({ role }) => role !== 'administrator'),
      own: own && { code: own.code, name: own.name },
      mayKeep: own !== null && reasonAgainst(viewer, 'keep documents', await chainOf(tx, own.id, viewer.today)) === null,
    }
  })

export function meta({ matches }: Route.MetaArgs) {
  return [{ title: `${registerWords.in(languageIn(matches))('register')} · ${webWords.in(languageIn(matches))('appName')}` }]
}

type Data = Route.ComponentProps['loaderData']

export default function DocumentsPage({ loaderData }: Route.ComponentProps) {
  const { total, waiting, isNarrowed, documents, page, pages, typed, own, mayKeep } = loaderData
  const t = registerWords.in(useLanguage())
  return (
    <Shell section="documents">
      <Parts {...loaderData} />
      <h1>{isNarrowed ? t('found', { count: total }) : waiting > 0 ? t('headWaiting', { count: waiting, total }) : total > 0 ? t('head', { count: total }) : t('headNone')}</h1>
      {mayKeep && own && (
        <Buttons>
          <ButtonLink kind="primary" href={addressOf('/documents/new', { unit: own.code })}>{t('toDraft')}</ButtonLink>
          <ButtonLink href={addressOf('/documents/new', { kind: 'incoming', unit: own.code })}>{t('toRegister')}</ButtonLink>
          <ButtonLink kind="quiet" href={addressOf('/documents/numbers', { unit: own.code })}>{t('toNumbers')}</ButtonLink>
        </Buttons>
      )}
      {waiting > 0 && typed['whose'] !== 'received' && (
        <p className="lede">
          <a href="/documents?whose=received">{t('seeReceived')}</a>
        </p>
      )}
      <Search {...loaderData} />
      {documents.length > 0 ? <List documents={documents} /> : <EmptyState title={t(isNarrowed ? 'noneFound' : 'noneYet')}>{t(isNarrowed ? 'noneFoundBody' : mayKeep ? 'noneYetKeeper' : 'noneYetMember')}</EmptyState>}
      <Pagination page={page} pages={pages} hrefOf={(number) => addressOf('/documents', { ...typed, page: number > 1 ? String(number) : null })} />
    </Shell>
  )
}

/** What is beside the register: the same places stand on the pages about the documents of a campaign. */
function Parts({ current, seesUnits, own }: Data) {
  const t = registerWords.in(useLanguage())
  if (!current) return null
  const place = { unit: own?.code ?? null }
  return (
    <nav className="parts" aria-label={t('parts')}>
      {seesUnits && <a href={addressOf(`/campaigns/${current}/documents`, place)}>{t('toMatrix')}</a>}
      <a href={addressOf(`/campaigns/${current}/documents/chain`, place)}>{t('toChain')}</a>
      <a href="/documents" aria-current="page">{t('register')}</a>
      <a href={addressOf('/materials', { campaign: current })}>{t('toMaterials')}</a>
    </nav>
  )
}

function Search({ typed, problems, campaigns, mayKeep }: Data) {
  const language = useLanguage()
  const [t, said] = [registerWords.in(language), numbersWords.in(language)]
  const more = ['type', 'from', 'until', 'campaign', 'whose', 'state'].some((name) => typed[name])
  return (
    <form method="get" action="/documents" role="search" className="register-search">
      <div className="search">
        <Field name="words" type="search" label={t('searchLabel')} hint={t('searchHint')} value={typed['words']} maxLength={200} problem={problems?.['words']} />
        <Button>{t('search')}</Button>
      </div>
      <input type="hidden" name="unit" value={typed['unit']} />
      <details open={more} className="guests">
        <summary className="sm q2">{t('narrow')}</summary>
        <div className="two">
          <SelectField name="type" label={t('type')} value={typed['type']} options={[{ value: '', label: t('anyType') }, ...DocumentType.options.map((type) => ({ value: type, label: capital(said(`type.${type}`)) }))]} />
          <SelectField name="whose" label={t('whose')} value={typed['whose']} options={[{ value: '', label: t('anyWhose') }, ...(mayKeep ? (['issued', 'incoming', 'received'] as const).map((value) => ({ value, label: t(`whose.${value}`) })) : [])]} />
          {mayKeep && <SelectField name="state" label={t('state')} value={typed['state']} options={[{ value: '', label: t('anyState') }, ...(['draft', 'issued', 'withdrawn'] as const).map((value) => ({ value, label: t(`state.${value}`) }))]} />}
        </div>
        <div className="two">
          <DayField name="from" label={t('from')} value={typed['from']} problem={problems?.['from']} />
          <DayField name="until" label={t('until')} value={typed['until']} problem={problems?.['until']} />
        </div>
        {campaigns.length > 0 && <SelectField name="campaign" label={t('campaign')} value={typed['campaign']} options={[{ value: '', label: t('anyCampaign') }, ...campaigns.map(({ code, name }) => ({ value: code, label: name }))]} />}
      </details>
    </form>
  )
}

function List({ documents }: { documents: DocumentLine[] }) {
  const language = useLanguage()
  const [t, said] = [registerWords.in(language), numbersWords.in(language)]
  return (
    <div className="after-lede">
      <DataTable
        isCards
        caption={t('register')}
        isCaptionHidden
        columns={[{ label: t('columnDocument') }, { label: t('columnIssuer') }, { label: t('columnDay') }, { label: t('columnReceived'), isFigure: true }]}
        rows={documents.map((document) => ({
          id: document.id,
          cells: [
            <span key="name">
              <a href={`/documents/${document.id}`}>
                {capital(said(`type.${document.type}`))} {document.written && <Figures>{document.written}</Figures>}
              </a>{' '}
              <StateTag {...document} />
            </span>,
            document.issuerName,
            document.issuedOn ? <DayText key="day" day={document.issuedOn} /> : '–',
            document.recipients > 0 && document.state === 'issued' ? <a key="received" href={`/documents/${document.id}#recipients`}>{`${document.received}/${document.recipients}`}</a> : '',
          ],
          note: document.abstract,
        }))}
      />
    </div>
  )
}

/** What is not plain: a draft, one withdrawn, one in a hurry. */
export function StateTag({ state, urgency }: Pick<DocumentLine, 'state' | 'urgency'>) {
  const t = registerWords.in(useLanguage())
  return (
    <>
      {state !== 'issued' && <Tag kind={state === 'draft' ? 'declared' : 'partial'}>{t(`state.${state}`)}</Tag>}
      {urgency !== 'normal' && <Tag kind="partial">{t(`urgency.${urgency}`)}</Tag>}
    </>
  )
}

