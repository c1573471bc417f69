import { v7 } from 'uuid'
import type { Route } from './+types/acknowledgement-new.page'
import { reasonAgainst } from '../../permissions/permissions.ts'
import { whyNot } from '../../permissions/who-could.server.ts'
import { addDays } from '../../platform/clock.ts'
import { NotFound } from '../../platform/errors.ts'
import { Button, ButtonLink } from '../../web/button.tsx'
import { CheckField, DayField, RadioField } from '../../web/field.tsx'
import { languageIn, useLanguage } from '../../web/language.ts'
import { Notice, ProblemList } from '../../web/notice.tsx'
import { idOf } from '../../web/params.server.ts'
import { read } from '../../web/read.server.ts'
import { Eyebrow, Shell } from '../../web/shell.tsx'
import { webWords } from '../../web/web.messages.ts'
import { write, type Answer } from '../../web/write.server.ts'
import { partsOf } from '../campaigns/campaigns.server.ts'
import { materialById } from '../materials/materials.server.ts'
import { placeOf } from '../units/place.server.ts'
import { acknowledgementWords } from './acknowledgements.messages.ts'
import { AcknowledgementRequest, depths } from './acknowledgements.schema.ts'
import { askToAcknowledge } from './acknowledgements.server.ts'

const usualDays = 7

export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx, { url, language }) => {
    const { tx, viewer } = ctx
    const place = await placeOf(ctx, url.searchParams.get('unit'), viewer.today)
    const materialId = url.searchParams.get('material')
    const documentId = url.searchParams.get('document')
    const material = materialId ? await materialById(tx, idOf(materialId)) : null
    const document = documentId ? await tx.selectFrom('document').select(['id', 'abstract', 'campaign_id']).where('id', '=', idOf(documentId)).executeTakeFirst() : null
    if (!material && !document) throw new NotFound()
    const campaignId = material?.campaignId ?? document?.campaign_id
    return {
      id: v7(),
      place,
      thing: material ? { name: 'materialId', id: material.id, title: material.title, href: `/materials/${material.id}` } : { name: 'documentId', id: document!.id, title: document!.abstract, href: `/documents/${document!.id}` },
      isLater: material ? (await tx.selectFrom('material_version').select('id').where('material_id', '=', material.id).where('published_at', 'is not', null).execute()).length > 1 : false,
      categories: campaignId ? (await partsOf(tx, campaignId)).categories.map(({ key, name }) => ({ key, name })) : [],
      dueOn: addDays(viewer.today, usualDays),
      reasonAgainst: await whyNot(tx, reasonAgainst(viewer, 'ask for acknowledgement', [place.unit.id]), language),
    }
  })

export const action = (args: Route.ActionArgs) =>
  write(args, AcknowledgementRequest, askToAcknowledge, { to: ({ requestId }) => `/acknowledgements/${requestId}`, saved: () => acknowledgementWords.say('sent') })

export function meta({ matches }: Route.MetaArgs) {
  const language = languageIn(matches)
  return [{ title: `${acknowledgementWords.in(language)('send')} · ${webWords.in(language)('appName')}` }]
}

export default function NewAcknowledgementPage({ loaderData: { id, place, thing, isLater, categories, dueOn, reasonAgainst: reason }, actionData }: Route.ComponentProps) {
  const t = acknowledgementWords.in(useLanguage())
  const refused = actionData as Answer | undefined
  const typed = (name: string, first: string) => refused?.values[name] ?? (refused ? '' : first)
  const problem = (name: string) => refused?.problems[name]
  return (
    <Shell section="acknowledgements" unitTrail={place.unitTrail} unitsBeneath={[]} backHref={thing.href} mainClass="narrow-form">
      <Eyebrow>{place.unit.name}</Eyebrow>
      <h1>{t('newTitle', { title: thing.title })}</h1>
      {reason ? (
        <Notice className="after-lede" actions={<ButtonLink href={thing.href}>{t('openThing')}</ButtonLink>}>
          {reason}
        </Notice>
      ) : (
        <form method="post">
          <ProblemList problems={refused?.problems} />
          <input type="hidden" name="id" value={typed('id', id)} />
          <input type="hidden" name="unitCode" value={place.unit.code} />
          <input type="hidden" name={thing.name} value={thing.id} />
          <RadioField name="depth" label={t('fieldDepth')} value={typed('depth', 'read')} problem={problem('depth')} options={depths.map((depth) => ({ value: depth, label: t(`ask.${depth}`), hint: t(`depthHint.${depth}`) }))} />
          <RadioField name="whom" label={t('fieldWhom')} value={typed('whom', 'members')} problem={problem('whom')} options={(['members', 'heads'] as const).map((whom) => ({ value: whom, label: t(`whom.${whom}`), hint: t(`whomHint.${whom}`) }))} />
          {categories.length > 0 && <CheckField name="categories" label={t('fieldCategories')} hint={t('fieldCategoriesHint')} values={refused?.chosen['categories'] ?? []} problem={problem('categories')} options={categories.map(({ key, name }) => ({ value: key, label: name }))} />}
          {isLater && <RadioField name="keepsBefore" label={t('fieldKeeps')} value={typed('keepsBefore', 'no')} problem={problem('keepsBefore')} options={(['no', 'yes'] as const).map((keeps) => ({ value: keeps, label: t(`keeps.${keeps}`) }))} />}
          <DayField name="dueOn" label={t('fieldDue')} value={typed('dueOn', dueOn)} problem={problem('dueOn')} isRequired />
          <div className="after-lede">
            <Button kind="primary" isWide>
              {t('send')}
            </Button>
          </div>
        </form>
      )}
    </Shell>
  )
}
