import { showCount, showPercent } from '../../figures/figure.ts'
import { showDay, type Day } from '../../platform/clock.ts'
import { addressOf, figureAddress, reportAddress, unitAddress } from '../../web/addresses.ts'
import { Button } from '../../web/button.tsx'
import { useLanguage } from '../../web/language.ts'
import { Column } from '../../web/shell.tsx'
import { UnitTable } from '../../web/unit-table.tsx'
import type { Working } from './home.page.tsx'
import { homeWords } from './home.messages.ts'
import type { Owing, OwingRow } from './owing.server.ts'

type Say = ReturnType<typeof homeWords.in>
const [urging, urgingOne, urgingAgain] = ['urge-chosen', 'urge-one', 'urge-again']

/** What the units beneath owe, worst first, each opening in place, with the button that urges one, some or all of them. */
export function UnitsOwing(data: Working) {
  const { work, campaign, place, asOf, today } = data
  const language = useLanguage()
  const t = homeWords.in(language)
  const { total, hasUnits, rest, owing: rows } = work.standing!
  if (!hasUnits) return null
  const mayUrge = work.owing?.mayUrge ?? false
  const urgeable = rows.filter((one) => !one.isOwn)
  const isStudyAlone = rows.every((one) => one.missing > 0)
  const share = showPercent(total.studied, total.expected, language)
  const back = addressOf('/', { unit: place.unit.code, campaign: campaign.code })
  const post = `/duties?do=urge&back=${encodeURIComponent(back)}`
  return (
    <Column
      span={12}
      id="behind"
      title={rows.length === 0 ? t('noUnitsMissing') : t(isStudyAlone ? 'unitsMissing' : 'unitsOwing', { count: rows.length })}
      action={
        mayUrge && urgeable.length > 1 ? (
          <form method="post" action={post}>
            <input type="hidden" name="campaignCode" value={campaign.code} />
            {urgeable.map((one) => <input key={one.unitId} type="hidden" name="unitCodes" value={one.code} />)}
            <Button>{t('urgeAll', { count: urgeable.length })}</Button>
          </form>
        ) : undefined
      }
    >
      {rows.length > 0 && (
        <UnitTable
          kind="duties"
          words={{ action: t('urge') }}
          caption={t('worstFirst')}
          rule={rows.some((one) => one.isLow) && t('below', { share })}
          rows={rows.map((one) => {
            const at = { unit: one.code, asOf }
            const name = one.isOwn ? t('unitOwn', { unit: one.name }) : one.name
            return {
              id: one.unitId + String(one.isOwn),
              name,
              href: one.isOwn ? null : unitAddress(one.code, asOf),
              numerator: one.studied,
              denominator: one.expected,
              missing: one.missing,
              isLow: one.isLow,
              missingHref: `${figureAddress(campaign.code, 'studied', at)}#missing`,
              shareHref: one.expected > 0 ? figureAddress(campaign.code, 'studied', at) : null,
              note: one.declared > 0 && t('unitDeclared', { count: showCount(one.declared, language) }),
              owes: one.owing && <Owes row={one} owing={one.owing} campaign={campaign.code} asOf={asOf} />,
              action: mayUrge && !one.isOwn && <Urge row={one} today={today} />,
            }
          })}
        />
      )}
      {mayUrge && urgeable.length > 1 && (
        <form method="post" action={post} id={urging} className="after-lede">
          <input type="hidden" name="campaignCode" value={campaign.code} />
          <Button>{t('urgeChosen')}</Button>
        </form>
      )}
      {mayUrge && urgeable.length > 0 && (
        <>
          <form method="post" action={post} id={urgingOne} hidden>
            <input type="hidden" name="campaignCode" value={campaign.code} />
          </form>
          <form method="post" action={post} id={urgingAgain} hidden>
            <input type="hidden" name="campaignCode" value={campaign.code} />
            <input type="hidden" name="again" value="on" />
          </form>
        </>
      )}
      {rest && <p className="sm q2 after-lede">{t('unitOther')}: {showCount(rest.missing, language)} {t('unitMissing')}.</p>}
    </Column>
  )
}

function Urge({ row, today }: { row: OwingRow; today: Day }) {
  const t = homeWords.in(useLanguage())
  const urged = row.owing?.urgedOn ?? null
  const day = urged && (urged.startsWith(today.slice(0, 4)) ? showDay(urged).replace(/\/\d{4}$/, '') : showDay(urged))
  return (
    <>
      {day && <span className="q3 desk urged">{t('urgedOn', { day })}</span>}
      <label className="tickrow">
        <input type="checkbox" form={urging} name="unitCodes" value={row.code} aria-label={t('choose', { unit: row.name })} />
      </label>
      <Button kind="quiet" form={row.owing?.urged?.isRecent ? urgingAgain : urgingOne} name="unitCodes" value={row.code} label={day ? t('urgeAgainLabel', { unit: row.name, day }) : t('urgeLabel', { unit: row.name })}>
        {t(day ? 'urgeAgain' : 'urge')}
      </Button>
    </>
  )
}

/** "2 văn bản quá hạn, báo cáo hạn hôm nay", and what that is in particular. */
function Owes({ row, owing, campaign, asOf }: { row: OwingRow; owing: Owing; campaign: string; asOf: Day }) {
  const language = useLanguage()
  const t = homeWords.in(language)
  const parts = sayOwed(owing, t)
  if (parts.late.length + parts.rest.length === 0) return null
  return (
    <details className="owes">
      <summary>
        {parts.late.length > 0 && <span className="attn">{parts.late.join(', ')}</span>}
        {parts.late.length > 0 && parts.rest.length > 0 && ', '}
        {parts.rest.join(', ')}
      </summary>
      <ul>
        {owing.open.map((one) => (
          <li key={one.id}>
            <a href={`/duties/${one.id}`}>{one.title}</a> <span className={one.isLate ? 'attn n' : 'q3 n'}>{one.dueOn ? showDay(one.dueOn) : t('dueUnknown')}</span>
          </li>
        ))}
        {owing.beneath.open > 0 && <li>{t('owesBeneathAll', { open: showCount(owing.beneath.open, language), late: showCount(owing.beneath.late, language) })}</li>}
        <li>
          <a href={addressOf('/duties', { unit: row.code })}>{t('toDuties')}</a> · <a href={reportAddress(campaign, { unit: row.code, asOf })}>{t('toReport')}</a>
        </li>
      </ul>
    </details>
  )
}

/** What is late first, then what is due today, then what stands beneath. */
function sayOwed({ own, beneath }: Owing, t: Say): { late: string[]; rest: string[] } {
  const late = own.filter((sum) => sum.late > 0).map((sum) => t(`owes.late.${sum.kind}`, { count: sum.late }))
  const today = own.filter((sum) => sum.today > 0).map((sum) => t(`owes.today.${sum.kind}`, { count: sum.today }))
  const ahead = own.filter((sum) => sum.open > sum.late + sum.today).map((sum) => t(`owes.open.${sum.kind}`, { count: sum.open - sum.late - sum.today }))
  return { late, rest: [...today, ...(late.length + today.length === 0 ? ahead : []), ...(beneath.late > 0 ? [t('owes.beneath', { count: beneath.late })] : [])] }
}
