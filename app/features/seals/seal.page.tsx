import type { Route } from './+types/seal.page'
import { showPercent } from '../../figures/figure.ts'
import { chainOf, reasonAgainst } from '../../permissions/permissions.ts'
import { whyNot } from '../../permissions/who-could.server.ts'
import { showDay, showInstant, today } from '../../platform/clock.ts'
import type { Language } from '../../platform/i18n.ts'
import { addressOf, unitAddress } from '../../web/addresses.ts'
import { Button, ButtonLink, Buttons, DisabledButton } from '../../web/button.tsx'
import { appContext } from '../../web/context.ts'
import { DataTable } from '../../web/data-table.tsx'
import { Field, SelectField, TextField } from '../../web/field.tsx'
import { Count, Percent } from '../../web/figure.tsx'
import { useLanguage } from '../../web/language.ts'
import { Notice, ProblemList } from '../../web/notice.tsx'
import { read } from '../../web/read.server.ts'
import { Column, Eyebrow, Grid, Lede, Shell } from '../../web/shell.tsx'
import { DefinitionList, Trail } from '../../web/trail.tsx'
import { trailOfSubjects } from '../../web/trail.server.ts'
import { UnitTable } from '../../web/unit-table.tsx'
import { webWords } from '../../web/web.messages.ts'
import { write } from '../../web/write.server.ts'
import { addCorrection, currentFigures, differencesOf, sealedFigures } from './corrections.server.ts'
import { deploymentKey } from './deployment-key.server.ts'
import { figureRows } from './figure-rows.ts'
import { FiguresTable, valueOf } from './figures-table.tsx'
import { sealAddress } from './seal-addresses.ts'
import { nameOf } from './seal-files.server.ts'
import { Texts } from './seal-texts.tsx'
import { sealByCode } from './seal-views.server.ts'
import { sealWords } from './seals.messages.ts'
import { SealCorrection } from './seals.schema.ts'

export async function loader(args: Route.LoaderArgs) {
  const { db, log, config } = args.context.get(appContext)
  const { timeZone } = config
  const page = await read(args, async (ctx, { params, url, language }) => {
    const { tx, viewer } = ctx
    const seal = await sealByCode(tx, params.code)
    const { content, corrections, isWhole } = seal
    const original = sealedFigures(content)
    const current = currentFigures(seal)
    const reason = reasonAgainst(viewer, 'seal the report', await chainOf(tx, seal.unit.id, viewer.today))
    const proposed = current.find((figure) => figure.key === url.searchParams.get('figure'))
    const differences = await differencesOf(tx, seal)
    return {
      code: seal.code,
      hash: seal.hash,
      unit: seal.unit,
      campaign: seal.campaign,
      filingId: isWhole ? seal.filingId : null,
      asOf: seal.asOf,
      sealedAt: showInstant(seal.sealedAt, timeZone),
      sealedBy: seal.sealedBy,
      isWhole,
      total: content.report.total,
      studiedNow: current.find((figure) => figure.key === 'studied' && corrections.some((one) => one.indicator === 'studied')) ?? null,
      units: content.report.units,
      otherUnits: content.report.otherUnits,
      filing: content.filing,
      rows: figureRows(seal, language),
      corrections: corrections.map((one) => ({
        name: nameOf(content, one.indicator, language),
        sealed: original.find((figure) => figure.key === one.indicator)!,
        corrected: { numerator: one.numerator, denominator: one.denominator },
        day: showDay(today(timeZone, one.recordedAt)),
        by: one.recordedBy,
        reason: one.reason,
      })),
      differences: differences.map((one) => ({ ...one, name: nameOf(content, one.key, language) })),
      figures: current.map(({ key, numerator, denominator }) => ({ key, name: nameOf(content, key, language), numerator, denominator })),
      proposed: proposed ? (differences.find((one) => one.key === proposed.key)?.today ?? proposed) : null,
      reasonAgainst: await whyNot(tx, reason, language),
      happened: await trailOfSubjects(ctx, [{ type: 'seal', ids: [seal.id] }], { language, timeZone }),
    }
  })
  return { ...page, fingerprint: (await deploymentKey(db, log)).fingerprint }
}

export const action = (args: Route.ActionArgs) =>
  write(args, SealCorrection, addCorrection, { to: (_, { code }) => `${sealAddress(code)}#corrections`, saved: () => sealWords.say('savedCorrection') })

export function meta({ loaderData, matches }: Route.MetaArgs) {
  const language = (matches[0].loaderData as { language?: Language } | undefined)?.language ?? 'vi'
  return [{ title: `${loaderData?.code ?? ''} · ${loaderData?.unit.name ?? ''} · ${webWords.in(language)('appName')}` }]
}

type Data = Route.ComponentProps['loaderData']

export default function SealPage({ loaderData, actionData }: Route.ComponentProps) {
  const { unit, campaign, filing, total, corrections, differences, happened, isWhole } = loaderData
  const t = sealWords.in(useLanguage())
  return (
    <Shell section="report">
      <Eyebrow>{t('eyebrow', { unit: unit.name, campaign: filing?.round ?? campaign.name })}</Eyebrow>
      <Answer {...loaderData} />
      <Downloads {...loaderData} />
      {!isWhole && <Notice className="after-lede">{t('narrowed')}</Notice>}
      <Grid>
        {corrections.length > 0 && (
          <Column span={12} id="corrections" title={t('corrections')}>
            <Corrections {...loaderData} />
          </Column>
        )}
        {differences.length > 0 && isWhole && (
          <Column span={12} id="differences" title={t('differences')}>
            <Differences {...loaderData} />
          </Column>
        )}
        <Column span={8} id="figures" title={t('figures')}>
          <Figures {...loaderData} />
        </Column>
        <Column span={4} id="proof" title={t('proof')}>
          <Proof {...loaderData} />
        </Column>
        {filing && filing.texts.length > 0 && (
          <Column span={8} id="texts" title={filing.form}>
            <Texts texts={filing.texts} />
          </Column>
        )}
        {total.expected > 0 && loaderData.units.length > 0 && (
          <Column span={8} id="units" title={t('units')}>
            <Units {...loaderData} />
          </Column>
        )}
        {isWhole && (
          <Column span={8} id="correct" title={t('correct')}>
            <Correct {...loaderData} answer={actionData} />
          </Column>
        )}
        {happened.length > 0 && (
          <Column span={12} id="happened" title={t('happened')}>
            <Trail entries={happened} />
          </Column>
        )}
      </Grid>
    </Shell>
  )
}

function Answer({ total, asOf, sealedAt, sealedBy, corrections, studiedNow, filing, filingId }: Data) {
  const language = useLanguage()
  const t = sealWords.in(language)
  return (
    <>
      <h1>
        {total.expected === 0 ? (
          t('nobody')
        ) : (
          <>
            <Percent numerator={total.studied} denominator={total.expected} href="#figures" /> {t('answer')}{' '}
          </>
        )}
        <small>
          (<Count value={total.studied} href="#figures" /> / <Count value={total.expected} href="#figures" />, {t('base', { day: showDay(asOf) })})
        </small>
      </h1>
      <Lede>
        {sealedBy ? t('sealedBy', { at: sealedAt, name: sealedBy }) : t('sealedBySomebody', { at: sealedAt })} {filing && (filingId ? <a href={`/filings/${filingId}`}>{t('round', { round: filing.round })}</a> : t('round', { round: filing.round }))}{' '}
        {studiedNow?.denominator ? t('answerCorrected', { share: showPercent(studiedNow.numerator, studiedNow.denominator, language), value: valueOf(studiedNow, language) }) : t('frozen')}{' '}
        {corrections.length > 0 && <a href="#corrections">{t('correctedLede', { count: corrections.length })}</a>}
      </Lede>
    </>
  )
}

function Downloads({ code, isWhole }: Data) {
  const t = sealWords.in(useLanguage())
  return (
    <div className="noprint after-lede">
      <Buttons>
        <ButtonLink href={sealAddress(code, 'report.docx')} kind="primary" download>{t('word')}</ButtonLink>
        <ButtonLink href={sealAddress(code, 'report.pdf')} download>{t('pdf')}</ButtonLink>
        <ButtonLink href={sealAddress(code, 'report.xlsx')} download>{t('excel')}</ButtonLink>
        <ButtonLink href={sealAddress(code, 'report.json')} label={t('jsonLabel')} download>{t('json')}</ButtonLink>
        {isWhole && <ButtonLink href={sealAddress(code, 'archive.zip')} label={t('archiveLabel')} download>{t('archive')}</ButtonLink>}
      </Buttons>
    </div>
  )
}

function Corrections({ corrections }: Data) {
  const language = useLanguage()
  const t = sealWords.in(language)
  return (
    <DataTable
      isCards
      caption={t('correctionsCaption')}
      columns={[{ label: t('columnFigure') }, { label: t('columnSealedValue'), isFigure: true }, { label: t('columnCorrected'), isFigure: true }]}
      rows={corrections.map((one, index) => ({
        id: String(index),
        note: one.by ? t('correctionNote', { day: one.day, name: one.by, reason: one.reason }) : t('correctionNoteSomebody', { day: one.day, reason: one.reason }),
        cells: [one.name, valueOf(one.sealed, language), valueOf(one.corrected, language)],
      }))}
    />
  )
}

function Differences({ differences, asOf, code, reasonAgainst: reason }: Data) {
  const language = useLanguage()
  const t = sealWords.in(language)
  return (
    <>
      <p className="sm q2 before-table">{t('differencesLead', { day: showDay(asOf) })}</p>
      <DataTable
        isCards
        columns={[{ label: t('columnFigure') }, { label: t('columnNow'), isFigure: true }, { label: t('columnToday'), isFigure: true }, ...(reason ? [] : [{ label: '', isFigure: true }])]}
        rows={differences.map((one) => ({
          id: one.key,
          cells: [
            one.name,
            valueOf(one.current, language),
            valueOf(one.today, language),
            ...(reason
              ? []
              : [
                  <ButtonLink key="correct" href={`${addressOf(sealAddress(code), { figure: one.key })}#correct`} label={t('correctThisLabel', { name: one.name })}>
                    {t('correctThis')}
                  </ButtonLink>,
                ]),
          ],
        }))}
      />
    </>
  )
}

function Figures({ rows, filing }: Data) {
  const t = sealWords.in(useLanguage())
  if (!filing || rows.ofForm.length === 0) return <FiguresTable rows={rows.others} />
  return (
    <>
      {filing.missing.length > 0 && <Notice isAttention>{t('missingUnits', { units: filing.missing.map((unit) => unit.name).join(', ') })}</Notice>}
      <FiguresTable rows={rows.ofForm} caption={t('figuresOfForm', { form: filing.form })} />
      <div className="after-lede">
        <FiguresTable rows={rows.others} caption={t('figuresOther')} />
      </div>
    </>
  )
}

function Units({ units, otherUnits, unit, total, asOf }: Data) {
  const t = sealWords.in(useLanguage())
  const row = (one: { studied: number; expected: number }) => ({ numerator: one.studied, denominator: one.expected, missing: one.expected - one.studied })
  return (
    <UnitTable
      caption={t('unitsCaption')}
      rows={[
        ...units.map((one) => ({ id: one.id, name: one.id === unit.id ? t('ownMembers', { unit: one.name }) : one.name, href: one.id === unit.id ? null : unitAddress(one.code, asOf), isDeclared: one.declared > 0, ...row(one) })),
        ...(otherUnits ? [{ id: 'other', name: t('otherUnits'), ...row(otherUnits) }] : []),
      ]}
      total={{ id: 'total', name: t('total'), ...row(total) }}
    />
  )
}

function Proof({ code, hash, fingerprint, isWhole }: Data) {
  const t = sealWords.in(useLanguage())
  return (
    <>
      <DefinitionList
        items={[
          { term: t('proofCode'), value: <b className="n">{code}</b> },
          { term: t('proofHash'), value: <Hexadecimal text={hash} /> },
          { term: t('proofKey'), value: <Hexadecimal text={fingerprint} /> },
        ]}
      />
      {isWhole && (
        <>
          <p className="sm q2 after-lede">{t('proofHow')}</p>
          <p className="sm">
            <code>bin/thong-suot verify {code}.zip --key {fingerprint.slice(0, 8)}…</code>
          </p>
        </>
      )}
    </>
  )
}

/** In groups of eight, which wrap on a phone and are compared by eye. */
const Hexadecimal = ({ text }: { text: string }) => <code className="xs">{text.replace(/.{8}(?=.)/g, '$& ')}</code>

function Correct({ code, figures, proposed, reasonAgainst: reason, answer }: Data & { answer: Route.ComponentProps['actionData'] }) {
  const language = useLanguage()
  const t = sealWords.in(language)
  if (reason) return <DisabledButton reason={reason}>{t('correctButton')}</DisabledButton>
  const typed = answer?.values
  return (
    <details open={Boolean(answer ?? proposed)}>
      <summary className="sm">{t('correctOpen')}</summary>
      <form method="post" action={`${addressOf(sealAddress(code), { figure: proposed?.key })}#correct`}>
        <p className="sm q2 after-lede">{t('correctLead')}</p>
        <ProblemList problems={answer?.problems} />
        <input type="hidden" name="code" value={code} />
        <SelectField
          name="indicator"
          label={t('correctFigure')}
          options={figures.map((figure) => ({ value: figure.key, label: `${figure.name} (${valueOf(figure, language)})` }))}
          value={typed?.['indicator'] ?? proposed?.key}
          problem={answer?.problems['indicator']}
        />
        <Field name="numerator" label={t('correctNumerator')} value={typed?.['numerator'] ?? proposed?.numerator.toString()} problem={answer?.problems['numerator']} inputMode="numeric" maxLength={14} autoComplete="off" isRequired />
        <Field
          name="denominator"
          label={t('correctDenominator')}
          hint={t('correctDenominatorHint')}
          value={typed?.['denominator'] ?? proposed?.denominator?.toString()}
          problem={answer?.problems['denominator']}
          inputMode="numeric"
          maxLength={14}
          autoComplete="off"
        />
        <TextField name="reason" label={t('correctReason')} hint={t('correctReasonHint')} value={typed?.['reason']} problem={answer?.problems['reason']} rows={3} isRequired />
        <Buttons>
          <Button isWide>{t('correctButton')}</Button>
        </Buttons>
      </form>
    </details>
  )
}
