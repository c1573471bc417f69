import type { Route } from './+types/material-edit.page'
import { demand } from '../../permissions/permissions.ts'
import { languageIn, useLanguage } from '../../web/language.ts'
import { idOf } from '../../web/params.server.ts'
import { read } from '../../web/read.server.ts'
import { Eyebrow, Shell } from '../../web/shell.tsx'
import { oneFile } from '../../web/upload.server.ts'
import { webWords } from '../../web/web.messages.ts'
import { write, type Answer } from '../../web/write.server.ts'
import { MaterialFields } from './material-form.tsx'
import { textsOf, versionsOf } from './material-views.server.ts'
import { materialWords } from './materials.messages.ts'
import { MaterialDraft } from './materials.schema.ts'
import { materialById, writeDraft } from './materials.server.ts'
import { materialFile, materialMegabytes } from './upload.ts'

export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx, { params }) => {
    const material = await materialById(ctx.tx, idOf(params.id))
    demand(ctx.viewer, 'publish materials', [material.unitId])
    const [latest] = await versionsOf(ctx.tx, material.id)
    const isNext = latest!.publishedOn !== null
    const text = (await textsOf(ctx.tx, [latest!.id])).get(latest!.id) ?? ''
    return { material, latest: { ...latest!, text }, isNext, number: latest!.number + Number(isNext), megabytes: materialMegabytes }
  })

export const action = (args: Route.ActionArgs) =>
  write(args, MaterialDraft, writeDraft, {
    upload: oneFile('file', materialFile),
    to: (_, { materialId }) => `/materials/${materialId}`,
    saved: () => materialWords.say('saved'),
  })

export function meta({ loaderData, matches }: Route.MetaArgs) {
  const language = languageIn(matches)
  return [{ title: `${materialWords.in(language)('edit')}: ${loaderData?.material.title ?? ''} · ${webWords.in(language)('appName')}` }]
}

export default function EditMaterialPage({ loaderData: { material, latest, isNext, number, megabytes }, actionData }: Route.ComponentProps) {
  const t = materialWords.in(useLanguage())
  const refused = actionData as Answer | undefined
  const back = `/materials/${material.id}`
  return (
    <Shell section="materials" backHref={back} mainClass="narrow-form">
      <Eyebrow>{t('addEyebrow', { unit: material.unitName })}</Eyebrow>
      <h1>{t(isNext ? 'nextTitle' : 'editTitle', { title: material.title })}</h1>
      <form method="post" encType="multipart/form-data">
        <input type="hidden" name="materialId" value={material.id} />
        <input type="hidden" name="version" value={material.version} />
        <MaterialFields
          isNew={false}
          saysWhatIsNew={number > 1}
          refused={refused}
          back={back}
          shown={{ title: material.title, text: latest.text, address: latest.address, reachBy: material.reachBy, changeNote: isNext ? null : latest.changeNote, fileName: latest.fileName, megabytes }}
        />
      </form>
    </Shell>
  )
}
