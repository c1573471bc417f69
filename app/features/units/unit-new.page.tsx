import type { Route } from './+types/unit-new.page'
import { chainOf, reasonAgainst } from '../../permissions/permissions.ts'
import { whyNot } from '../../permissions/who-could.server.ts'
import { unitAddress } from '../../web/addresses.ts'
import { Button, ButtonLink, Buttons } from '../../web/button.tsx'
import { DayField, Field } from '../../web/field.tsx'
import { languageIn, useLanguage } from '../../web/language.ts'
import { Notice, ProblemList } from '../../web/notice.tsx'
import { read } from '../../web/read.server.ts'
import { Eyebrow, Shell } from '../../web/shell.tsx'
import { webWords } from '../../web/web.messages.ts'
import { write } from '../../web/write.server.ts'
import { addUnit } from './keep-units.server.ts'
import { placeOf } from './place.server.ts'
import { UnitFields } from './unit-fields.tsx'
import { unitWords } from './units.messages.ts'
import { NewUnit } from './units.schema.ts'

export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx, { url, language }) => {
    const { tx, viewer } = ctx
    const place = await placeOf(ctx, url.searchParams.get('unit'), viewer.today)
    const reason = reasonAgainst(viewer, 'keep units', await chainOf(tx, place.unit.id, viewer.today))
    return { place, today: viewer.today, reasonAgainst: await whyNot(tx, reason, language) }
  })

export const action = (args: Route.ActionArgs) =>
  write(args, NewUnit, addUnit, { to: ({ code }) => unitAddress(code), saved: (_, { name }) => unitWords.say('unitAdded', { name }) })

export function meta({ matches }: Route.MetaArgs) {
  return [{ title: `${unitWords.in(languageIn(matches))('newUnit')} · ${webWords.in(languageIn(matches))('appName')}` }]
}

export default function UnitNewPage({ loaderData, actionData }: Route.ComponentProps) {
  const { place, today, reasonAgainst: reason } = loaderData
  const t = unitWords.in(useLanguage())
  const { problems = {}, values = {} } = actionData ?? {}
  return (
    <Shell section="units" unitTrail={place.unitTrail} unitsBeneath={place.unitsBeneath} mainClass="narrow-form">
      <Eyebrow>
        <a href={unitAddress(place.unit.code)}>{place.unit.name}</a>
      </Eyebrow>
      <h1>{t('newUnitTitle', { unit: place.unit.name })}</h1>
      {reason ? (
        <Notice className="after-lede">{reason}</Notice>
      ) : (
        <form method="post" action={`/units/new?unit=${place.unit.code}`}>
          <ProblemList problems={actionData?.problems} />
          <input type="hidden" name="parentCode" value={place.unit.code} />
          <UnitFields unit={{ kind: 'cell', name: '', organisationName: null, symbol: null, place: null }} values={values} problems={problems} />
          <DayField name="fromDay" label={t('since')} hint={t('sinceHint')} value={values['fromDay'] ?? today} problem={problems['fromDay'] ?? problems['parentCode']} />
          <Field name="code" label={t('code')} hint={t('codeHint')} value={values['code']} problem={problems['code']} maxLength={64} autoComplete="off" />
          <Buttons>
            <Button kind="primary" isWide>
              {t('unitSave')}
            </Button>
            <ButtonLink kind="quiet" href={unitAddress(place.unit.code)}>
              {t('close')}
            </ButtonLink>
          </Buttons>
        </form>
      )}
    </Shell>
  )
}
