import type { Route } from './+types/draft-preview.page'
import { ButtonLink } from '../../web/button.tsx'
import { languageIn, useLanguage } from '../../web/language.ts'
import { idOf } from '../../web/params.server.ts'
import { read } from '../../web/read.server.ts'
import { Eyebrow, Shell } from '../../web/shell.tsx'
import { webWords } from '../../web/web.messages.ts'
import { documentById } from '../documents/document-rows.server.ts'
import { typeName } from '../documents/numbers/type-rules.server.ts'
import { numberAndSymbol, placeAndDay } from '../documents/typesetting/document-number.server.ts'
import type { Block } from '../documents/typesetting/official-document.ts'
import { draftedDocument } from './draft-document.server.ts'
import { draftingWords } from './drafting.messages.ts'

export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx, { params, language }) => {
    const head = await documentById(ctx.tx, idOf(params.id))
    const { document } = await draftedDocument(ctx, head.id)
    return { id: head.id, unitName: head.unitName, typeShown: typeName(head.type, language), document, body: document.body.filter((block) => block.is !== 'chart'), number: numberAndSymbol(document), placed: placeAndDay(document.place, document.day), title: typeName(document.type, 'vi').toLocaleUpperCase('vi') }
  })

export function meta({ matches }: Route.MetaArgs) {
  const language = languageIn(matches)
  return [{ title: `${draftingWords.in(language)('preview')} · ${webWords.in(language)('appName')}` }]
}

export default function DraftPreviewPage({ loaderData }: Route.ComponentProps) {
  const { id, document, body, number, placed, title } = loaderData
  const t = draftingWords.in(useLanguage())
  const { superiorBody, issuingBody, abstract, addressees, recipients, signature, issuedBy, type } = document
  const isLetter = type === 'official_letter'
  return (
    <Shell section="documents" backHref={`/drafts/${id}`}>
      <div className="noprint">
        <Eyebrow>
          <a href={`/drafts/${id}`}>{t('backToDraft')}</a>
        </Eyebrow>
        <h1>{t('previewTitle', { type: loaderData.typeShown, unit: loaderData.unitName })}</h1>
        <p className="sm q2">{t('previewHint')}</p>
        <div className="btns after-lede">
          <ButtonLink kind="primary" href={`/drafts/${id}/document.pdf`} download>
            {t('toPdf')}
          </ButtonLink>
          <ButtonLink href={`/drafts/${id}/document.docx`} download>
            {t('toDocx')}
          </ButtonLink>
        </div>
      </div>
      <article className="a4 previewed" lang="vi">
        <div className="lh">
          <div>
            {superiorBody && <span className="line">{superiorBody.toLocaleUpperCase('vi')}</span>}
            <b className="line">{issuingBody.toLocaleUpperCase('vi')}</b>
            {issuedBy === 'party' && <span className="line">*</span>}
            <span className="line">{number}</span>
            {isLetter && <em>V/v {abstract}</em>}
          </div>
          <div>
            <b className="motto">{issuedBy === 'party' ? 'ĐẢNG CỘNG SẢN VIỆT NAM' : 'CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM'}</b>
            <em>{placed}</em>
          </div>
        </div>
        {!isLetter && (
          <div className="title">
            <div className="type">{title}</div>
            <div>{abstract}</div>
            <div>-----</div>
          </div>
        )}
        {addressees.length > 0 && <p>Kính gửi: {addressees.join('; ')}</p>}
        {body.map((block, index) => (
          <Printed key={index} block={block} />
        ))}
        <div className="lh foot-of-document">
          <div className="received">
            <u>Nơi nhận:</u>
            {recipients.map((line, index) => (
              <span className="line" key={index}>
                - {line}
                {index === recipients.length - 1 ? '.' : ';'}
              </span>
            ))}
          </div>
          <div>
            {signature.authority.map((line) => (
              <b className="line" key={line}>
                {line}
              </b>
            ))}
            <span className="line">{signature.position}</span>
            <b className="line signed">{signature.name}</b>
          </div>
        </div>
      </article>
    </Shell>
  )
}

function Printed({ block }: { block: Exclude<Block, { is: 'chart' }> }) {
  switch (block.is) {
    case 'heading':
      return <h2>{block.text}</h2>
    case 'paragraph':
      return <p>{block.text}</p>
    case 'table':
      return (
        <table>
          <thead>
            <tr>
              {block.columns.map((column) => (
                <th key={column.head} scope="col">
                  {column.head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {block.rows.map((row, index) => (
              <tr key={index}>
                {row.map((cell, at) => (
                  <td key={at}>{cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )
  }
}
