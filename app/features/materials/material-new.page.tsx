import { v7 } from 'uuid'
import type { Route } from './+types/material-new.page'
import { reasonAgainst } from '../../permissions/permissions.ts'
import { whyNot } from '../../permissions/who-could.server.ts'
import { addressOf } from '../../web/addresses.ts'
import { ButtonLink } from '../../web/button.tsx'
import { languageIn, useLanguage } from '../../web/language.ts'
import { Notice } from '../../web/notice.tsx'
import { read } from '../../web/read.server.ts'
import { Eyebrow, Shell } from '../../web/shell.tsx'
import { oneFile } from '../../web/upload.server.ts'
import { webWords } from '../../web/web.messages.ts'
import { write, type Answer } from '../../web/write.server.ts'
import { openCampaignByCode } from '../campaigns/campaigns.server.ts'
import { placeOf } from '../units/place.server.ts'
import { MaterialFields } from './material-form.tsx'
import { materialWords } from './materials.messages.ts'
import { MaterialInput } from './materials.schema.ts'
import { addMaterial } from './materials.server.ts'
import { materialFile, materialMegabytes } from './upload.ts'

export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx, { url, language }) => {
    const campaign = await openCampaignByCode(ctx.tx, url.searchParams.get('campaign') ?? '')
    const place = await placeOf(ctx, url.searchParams.get('unit'), ctx.viewer.today)
    return {
      id: v7(),
      campaign: { code: campaign.code, name: campaign.name },
      place,
      megabytes: materialMegabytes,
      reasonAgainst: await whyNot(ctx.tx, reasonAgainst(ctx.viewer, 'publish materials', [place.unit.id]), language),
    }
  })

export const action = (args: Route.ActionArgs) =>
  write(args, MaterialInput, addMaterial, {
    upload: oneFile('file', materialFile),
    to: ({ materialId }) => `/materials/${materialId}`,
    saved: () => materialWords.say('added'),
  })

export function meta({ matches }: Route.MetaArgs) {
  const language = languageIn(matches)
  return [{ title: `${materialWords.in(language)('toAdd')} · ${webWords.in(language)('appName')}` }]
}

export default function NewMaterialPage({ loaderData: { id, campaign, place, megabytes, reasonAgainst: reason }, actionData }: Route.ComponentProps) {
  const t = materialWords.in(useLanguage())
  const refused = actionData as Answer | undefined
  const back = addressOf('/materials', { campaign: campaign.code, unit: place.unit.code })
  return (
    <Shell section="materials" unitTrail={place.unitTrail} unitsBeneath={[]} backHref={back} mainClass="narrow-form">
      <Eyebrow>{t('addEyebrow', { unit: place.unit.name })}</Eyebrow>
      <h1>{t('addTitle', { campaign: campaign.name })}</h1>
      {reason ? (
        <Notice className="after-lede" actions={<ButtonLink href={back}>{t('section')}</ButtonLink>}>
          {reason}
        </Notice>
      ) : (
        <form method="post" encType="multipart/form-data">
          <input type="hidden" name="id" value={refused?.values['id'] ?? id} />
          <input type="hidden" name="campaignCode" value={campaign.code} />
          <input type="hidden" name="unitCode" value={place.unit.code} />
          <MaterialFields isNew saysWhatIsNew={false} refused={refused} back={back} shown={{ title: '', kind: 'outline', text: '', address: null, reachBy: null, fileName: null, megabytes }} />
        </form>
      )}
    </Shell>
  )
}
