import type { ReactNode } from 'react'
import { showInstant } from '../../../platform/clock.ts'
import { Button } from '../../../web/button.tsx'
import { FileField, SelectField } from '../../../web/field.tsx'
import { DayText } from '../../../web/figure.tsx'
import { useLanguage } from '../../../web/language.ts'
import { DefinitionList } from '../../../web/trail.tsx'
import { numbersWords } from '../numbers/numbers.messages.ts'
import { FileKind } from '../documents.schema.ts'
import { documentFiles } from './document-files.ts'
import type { DocumentWhole } from '../document-views.server.ts'
import type { DocumentFile } from '../files.server.ts'
import type { Recipient } from '../recipients.server.ts'
import type { Related } from '../relations.server.ts'
import { registerWords } from './register.messages.ts'

export function Facts({ document }: { document: DocumentWhole }) {
  const t = registerWords.in(useLanguage())
  const items: { term: string; value: ReactNode }[] = [
    { term: t('issuer'), value: document.issuerName },
    { term: t('written'), value: document.written },
    { term: t('symbol'), value: document.state === 'draft' ? document.symbol : null },
    { term: t('issuedOn'), value: document.issuedOn && <DayText day={document.issuedOn} /> },
    { term: t('receivedOn'), value: document.receivedOn && <DayText day={document.receivedOn} /> },
    { term: t('place'), value: document.place },
    { term: t('signer'), value: [document.signedAs, document.signerPosition, document.signerName].filter(Boolean).join(' · ') },
    { term: t('campaign'), value: document.campaignCode && <a href={`/campaigns/${document.campaignCode}/documents`}>{document.campaignName}</a> },
  ]
  return <DefinitionList items={items.filter(({ value }) => Boolean(value))} />
}

/** With a large first letter, as words stand at the head of a line. */
export const capital = (words: string) => words[0]!.toUpperCase() + words.slice(1)

/** Both ways, each a link: what it stands on, and what stands on it. */
export function RelationList({ relations }: { relations: DocumentWhole['relations'] }) {
  const t = registerWords.in(useLanguage())
  if (relations.to.length + relations.from.length === 0) return <p className="q2">{t('relationsNone')}</p>
  return (
    <ul className="plain">
      {relations.to.map((one) => <RelationLine key={`to-${one.kind}-${one.document.id}`} {...one} words={t(`relation.${one.kind}`)} />)}
      {relations.from.map((one) => <RelationLine key={`from-${one.kind}-${one.document.id}`} {...one} words={t(`relatedBy.${one.kind}`)} />)}
    </ul>
  )
}

function RelationLine({ document, words }: Related & { words: string }) {
  const said = numbersWords.in(useLanguage())
  return (
    <li>
      <span className="sm q2">{words}</span> <a href={`/documents/${document.id}`}>{[said(`type.${document.type}`), document.written].filter(Boolean).join(' ')}</a>
      {document.issuedOn && (
        <>
          , <DayText day={document.issuedOn} />
        </>
      )}
      , {document.issuerName}
      <span className="sub sm q2">{document.abstract}</span>
    </li>
  )
}

/** As printed under "Nơi nhận"; of units of the tree, who received it when, counted first. */
export function RecipientList({ document, timeZone }: { document: DocumentWhole; timeZone: string }) {
  const t = registerWords.in(useLanguage())
  const units = document.recipients.filter((one) => one.unitId !== null)
  const lines = document.recipients.filter((one) => one.unitId === null)
  const waiting = units.filter((one) => one.receivedAt === null)
  if (document.recipients.length === 0) return <p className="q2">{t('recipientsNone')}</p>
  return (
    <>
      {units.length > 0 && document.state !== 'draft' && <p>{t('receivedCount', { received: units.length - waiting.length, units: units.length })}</p>}
      {waiting.length > 0 && document.state !== 'draft' && (
        <details className="guests" open={units.length <= 12}>
          <summary className="sm q2">{t('notReceived', { count: waiting.length })}</summary>
          <ul className="plain">{waiting.map((one) => <RecipientLine key={one.id} {...one} />)}</ul>
        </details>
      )}
      {units.length > waiting.length && (
        <details className="guests" open={units.length <= 12}>
          <summary className="sm q2">{t('haveReceived', { count: units.length - waiting.length })}</summary>
          <ul className="plain">
            {units.filter((one) => one.receivedAt).map((one) => (
              <RecipientLine key={one.id} {...one}>
                <span className="sub sm q2">{t(one.receivedBy ? 'receivedAt' : 'receivedAtPlain', { at: showInstant(one.receivedAt!, timeZone), who: one.receivedBy ?? '' })}</span>
              </RecipientLine>
            ))}
          </ul>
        </details>
      )}
      {(document.state === 'draft' ? document.recipients : lines).length > 0 && (
        <ul className="plain">{(document.state === 'draft' ? document.recipients : lines).map((one) => <li key={one.id}>– {one.name}</li>)}</ul>
      )}
    </>
  )
}

function RecipientLine({ name, unitCode, children }: Recipient & { children?: ReactNode }) {
  return (
    <li>
      {unitCode ? <a href={`/units/${unitCode}`}>{name}</a> : name}
      {children}
    </li>
  )
}

const pictured = new Set(['application/pdf', 'image/jpeg', 'image/png'])

/** Files to open; a keeper adds one, replaces one, or takes one out. */
export function FileList({ document, mayKeep, timeZone, problem }: { document: DocumentWhole; mayKeep: boolean; timeZone: string; problem: string | undefined }) {
  const t = registerWords.in(useLanguage())
  const current = document.files.filter((file) => !file.supersededAt)
  const old = document.files.filter((file) => file.supersededAt)
  return (
    <>
      {current.length === 0 && <p className="q2">{t('filesNone')}</p>}
      <ul className="plain">
        {current.map((file) => (
          <li key={file.id}>
            <FileLink documentId={document.id} {...file} />
            {mayKeep && <FileKeeping documentId={document.id} file={file} />}
          </li>
        ))}
      </ul>
      {old.length > 0 && (
        <details className="guests">
          <summary className="sm q2">{t('filesOld', { count: old.length })}</summary>
          <ul className="plain">
            {old.map((file) => (
              <li key={file.id}>
                <FileLink documentId={document.id} {...file} />
                <span className="sub sm q2">{t('fileOldSince', { at: showInstant(file.supersededAt!, timeZone) })}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
      {mayKeep && (
        <details className="part" open={problem !== undefined || current.length === 0}>
          <summary>{t('fileAdd')}</summary>
          <FileForm documentId={document.id} problem={problem} />
        </details>
      )}
    </>
  )
}

function FileLink({ documentId, id, name, kind, mediaType, sizeBytes }: DocumentFile & { documentId: string }) {
  const t = registerWords.in(useLanguage())
  const href = `/documents/${documentId}/files/${id}`
  return (
    <>
      <a href={pictured.has(mediaType) ? `${href}?show` : href}>{name}</a>
      <span className="sub sm q2">
        {t(`fileKind.${kind}`)}, {sizeBytes < 1024 * 1024 ? t('kilobytes', { size: Math.max(1, Math.round(sizeBytes / 1024)) }) : t('megabytes', { size: Math.round(sizeBytes / 1024 / 102.4) / 10 })}{' '}
        {pictured.has(mediaType) && <a href={href}>{t('fileDownload')}</a>}
      </span>
    </>
  )
}

function FileKeeping({ documentId, file }: { documentId: string; file: DocumentFile }) {
  const t = registerWords.in(useLanguage())
  return (
    <details className="guests">
      <summary className="sm q2">{t('fileReplace')}</summary>
      <FileForm documentId={documentId} replaces={file} problem={undefined} />
      <form method="post" action={`/documents/${documentId}?do=take-out`}>
        <input type="hidden" name="documentId" value={documentId} />
        <input type="hidden" name="fileId" value={file.id} />
        <Button>{t('fileTakeOut', { name: file.name })}</Button>
      </form>
    </details>
  )
}

function FileForm({ documentId, replaces, problem }: { documentId: string; replaces?: DocumentFile; problem: string | undefined }) {
  const t = registerWords.in(useLanguage())
  const id = replaces ? `file-${replaces.id}` : 'file'
  return (
    <form method="post" encType="multipart/form-data" action={`/documents/${documentId}?do=file`}>
      <input type="hidden" name="documentId" value={documentId} />
      {replaces && <input type="hidden" name="replacesId" value={replaces.id} />}
      <FileField id={id} name="file" label={t('fileChoose')} hint={t('fileHint')} problem={problem} isRequired accept={documentFiles} />
      <SelectField id={`${id}-kind`} name="kind" label={t('fileKind')} value={replaces?.kind ?? 'signed'} options={FileKind.options.map((value) => ({ value, label: t(`fileKind.${value}`) }))} />
      <Button>{t(replaces ? 'fileReplaceIt' : 'fileAttach')}</Button>
    </form>
  )
}
