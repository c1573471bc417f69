import type { Route } from './+types/material.page'
import { reasonAgainst } from '../../permissions/permissions.ts'
import { showDay } from '../../platform/clock.ts'
import { addressOf, figureAddress } from '../../web/addresses.ts'
import { Button, ButtonLink, Buttons } from '../../web/button.tsx'
import { appContext } from '../../web/context.ts'
import { TextField } from '../../web/field.tsx'
import { DayText, Fact, Figures, Tag } from '../../web/figure.tsx'
import { languageIn, useLanguage } from '../../web/language.ts'
import { Notice, ProblemList } from '../../web/notice.tsx'
import { idOf } from '../../web/params.server.ts'
import { read } from '../../web/read.server.ts'
import { Column, Eyebrow, Grid, Shell } from '../../web/shell.tsx'
import { changesOf } from '../../web/text-changes.ts'
import { TextChanges } from '../../web/text-changes.tsx'
import { Trail } from '../../web/trail.tsx'
import { trailOfSubjects } from '../../web/trail.server.ts'
import { webWords } from '../../web/web.messages.ts'
import { Words } from '../../web/words.tsx'
import { write, type Answer } from '../../web/write.server.ts'
import { campaignById } from '../campaigns/campaigns.server.ts'
import { countsOf, figureUnits } from '../indicators/figures.server.ts'
import { ownUnit } from '../units/place.server.ts'
import { textsOf, versionsOf } from './material-views.server.ts'
import { materialWords } from './materials.messages.ts'
import { MaterialPublishing, MaterialWithdrawal } from './materials.schema.ts'
import { materialById, publish, withdrawMaterial } from './materials.server.ts'

export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx, { params, url, language }) => {
    const { tx, viewer } = ctx
    const material = await materialById(tx, idOf(params.id))
    const campaign = await campaignById(tx, material.campaignId)
    const versions = await versionsOf(tx, material.id)
    const asked = Number(url.searchParams.get('version'))
    const shown = versions.find((one) => one.number === asked) ?? versions[0]!
    const before = versions.find((one) => one.number === shown.number - 1)
    const texts = await textsOf(tx, [shown.id, ...(before ? [before.id] : [])])
    const text = texts.get(shown.id) ?? ''
    const unit = await ownUnit(ctx)
    const { timeZone } = args.context.get(appContext).config
    return {
      material,
      campaign: { code: campaign.code, name: campaign.name },
      shown: { ...shown, text },
      versions,
      changes: before ? changesOf(texts.get(before.id) ?? '', text) : null,
      isKeeper: reasonAgainst(viewer, 'publish materials', [material.unitId]) === null,
      reached: material.reachBy && unit && (await figureUnits(tx, [unit.id])).has(unit.id) ? await reachedIn({ tx, unit, campaign, today: viewer.today }) : null,
      trail: await trailOfSubjects(ctx, [{ type: 'material', ids: [material.id] }], { language, timeZone }),
    }
  })

async function reachedIn({ tx, unit, campaign, today }: { tx: Parameters<typeof countsOf>[0]; unit: { id: string; code: string }; campaign: { id: string; code: string }; today: string }) {
  const count = (await countsOf(tx, { campaignId: campaign.id, asOf: today }, [unit.id])).get(unit.id)!
  return { numerator: count.whole('reached-in-time'), denominator: count.whole('expected'), asOf: today, href: figureAddress(campaign.code, 'reached-in-time', { unit: unit.code, asOf: today }) }
}

export async function action(args: Route.ActionArgs) {
  return new URL(args.request.url).searchParams.get('do') === 'withdraw'
    ? write(args, MaterialWithdrawal, withdrawMaterial, { saved: () => materialWords.say('withdrawDone') })
    : write(args, MaterialPublishing, publish, { saved: () => materialWords.say('published') })
}

export function meta({ loaderData, matches }: Route.MetaArgs) {
  return [{ title: `${loaderData?.material.title ?? ''} · ${webWords.in(languageIn(matches))('appName')}` }]
}

type Data = Route.ComponentProps['loaderData']

export default function MaterialPage({ loaderData, actionData }: Route.ComponentProps) {
  const { material, campaign, shown, versions, changes, isKeeper, reached, trail } = loaderData
  const t = materialWords.in(useLanguage())
  const refused = actionData as Answer | undefined
  return (
    <Shell section="materials" backHref={addressOf('/materials', { campaign: campaign.code })}>
      <Eyebrow>{`${t('by', { kind: t(`kind.${material.kind}`), unit: material.unitName })} · ${campaign.name}`}</Eyebrow>
      <h1>{shown.publishedOn ? t('materialTitle', { title: material.title, number: shown.number, day: showDay(shown.publishedOn) }) : t('materialTitleDraft', { title: material.title })}</h1>
      <ProblemList problems={refused?.problems} />
      {material.withdrawnAt && (
        <Notice isAttention title={t('withdrawnNotice')} className="after-lede">
          {material.withdrawnBecause}
        </Notice>
      )}
      {isKeeper && !material.withdrawnAt && <Keeping {...loaderData} />}
      <Grid>
        <Column span={8} id="words" title={t('read')}>
          <Contents {...loaderData} />
        </Column>
        <Column span={4} id="about" title={t('versions')}>
          <ol className="trail">
            {versions.map((version) => (
              <li key={version.id}>
                {version.publishedOn ? <DayText day={version.publishedOn} /> : <Tag>{t('draft')}</Tag>}
                <span>
                  <a href={addressOf(`/materials/${material.id}`, { version: String(version.number) })}>{t('version', { number: version.number })}</a>
                  {version.number === shown.number && ` (${t('thisVersion')})`}. {version.changeNote ? t('changeNote', { note: version.changeNote }) : version.number === 1 && t('firstVersion')}
                </span>
              </li>
            ))}
          </ol>
          {reached && (
            <Fact label={t('reachedTitle')} numerator={reached.numerator} denominator={reached.denominator} href={reached.href} base={t('reachedBase', { day: showDay(reached.asOf) })} />
          )}
          {material.publishedAt && material.reachBy && (
            <p className="after-lede noprint">
              <ButtonLink href={`/materials/${material.id}/copies`}>{t('toCopies')}</ButtonLink>
            </p>
          )}
        </Column>
        {changes && (
          <Column span={8} id="changes" title={t('changes', { number: shown.number - 1 })}>
            {shown.changeNote && <p>{shown.changeNote}</p>}
            <TextChanges changes={changes} />
          </Column>
        )}
        {trail.length > 0 && (
          <Column span={8} id="trail" title={t('trail')}>
            <Trail entries={trail} />
            {isKeeper && material.publishedAt && !material.withdrawnAt && <Withdrawal {...loaderData} />}
          </Column>
        )}
      </Grid>
    </Shell>
  )
}

/** What its unit can do next: publish what is written, write on, or begin the next version. */
function Keeping({ material, versions }: Data) {
  const t = materialWords.in(useLanguage())
  const draft = versions.find((version) => version.publishedOn === null)
  return (
    <div className="after-lede noprint">
      {draft && <p>{t('draftNotice', { number: draft.number })}</p>}
      <Buttons>
        {draft && (
          <form method="post">
            <input type="hidden" name="materialId" value={material.id} />
            <input type="hidden" name="version" value={material.version} />
            <Button kind="primary">{t('publish')}</Button>
          </form>
        )}
        <ButtonLink href={`/materials/${material.id}/edit`}>{t(draft ? 'edit' : 'nextVersion')}</ButtonLink>
        {material.publishedAt && <ButtonLink href={addressOf('/acknowledgements/new', { material: material.id })}>{t('askToRead')}</ButtonLink>}
      </Buttons>
    </div>
  )
}

/** At the foot, where nobody presses it by chance. */
function Withdrawal({ material }: Data) {
  const t = materialWords.in(useLanguage())
  return (
    <details className="after-table noprint">
      <summary>{t('withdraw')}</summary>
      <form method="post" action={`/materials/${material.id}?do=withdraw`}>
        <input type="hidden" name="materialId" value={material.id} />
        <input type="hidden" name="version" value={material.version} />
        <TextField name="reason" label={t('withdrawReason')} isRequired rows={2} />
        <Button>{t('withdraw')}</Button>
      </form>
    </details>
  )
}

function Contents({ material, shown }: Data) {
  const language = useLanguage()
  const t = materialWords.in(language)
  const megabytes = (bytes: number) => (bytes / 1024 / 1024).toLocaleString(language === 'vi' ? 'vi-VN' : 'en-GB', { maximumFractionDigits: 1, minimumFractionDigits: 1 })
  return (
    <>
      {(shown.fileName || shown.address) && (
        <Buttons>
          {shown.fileName && (
            <ButtonLink href={addressOf(`/materials/${material.id}/file`, { version: String(shown.number) })} download>
              {t('file', { name: shown.fileName })}
            </ButtonLink>
          )}
          {shown.fileBytes !== null && shown.fileName && (
            <span className="sm q3">
              <Figures>{t('fileSize', { megabytes: megabytes(shown.fileBytes) })}</Figures>
            </span>
          )}
          {shown.address && (
            <a className="btn" href={shown.address} rel="noreferrer">
              {t('watch')}
            </a>
          )}
        </Buttons>
      )}
      {shown.text ? (
        <Words text={shown.text} />
      ) : (
        <p className="sm q2">{t('noText')}</p>
      )}
    </>
  )
}
