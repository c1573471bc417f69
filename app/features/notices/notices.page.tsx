import type { Route } from './+types/notices.page'
import { showDay, showTime, showWeekday, today } from '../../platform/clock.ts'
import { Button, ButtonLink, Buttons } from '../../web/button.tsx'
import { appContext } from '../../web/context.ts'
import { Pagination } from '../../web/data-table.tsx'
import { languageIn, useLanguage } from '../../web/language.ts'
import { EmptyState } from '../../web/notice.tsx'
import { read } from '../../web/read.server.ts'
import { Eyebrow, Shell } from '../../web/shell.tsx'
import { webWords } from '../../web/web.messages.ts'
import { write } from '../../web/write.server.ts'
import { ownNotices } from './notice-views.server.ts'
import { Reading } from './notices.schema.ts'
import { noticeWords } from './notices.messages.ts'
import { pageWords } from './pages.messages.ts'
import { markRead } from './reading.server.ts'

const onOnePage = 50

export const loader = (args: Route.LoaderArgs) =>
  read(args, async ({ tx, viewer }, { url, language }) => {
    const { timeZone } = args.context.get(appContext).config
    const page = Math.max(1, Math.min(1000, Math.floor(Number(url.searchParams.get('page'))) || 1))
    const { notices, total, unread } = await ownNotices(tx, language, { limit: onOnePage, offset: (page - 1) * onOnePage })
    const shown = notices.map(({ madeAt, readAt, ...notice }) => ({ ...notice, day: today(timeZone, madeAt), time: showTime(madeAt, timeZone), instant: madeAt.toISOString(), isRead: readAt !== null }))
    return {
      unread,
      total,
      page,
      pages: Math.max(1, Math.ceil(total / onOnePage)),
      groups: grouped(shown),
      mayChoose: !viewer.actedBy,
      keepsWebhooks: viewer.offices.some((office) => office.role === 'administrator'),
    }
  })

export const action = (args: Route.ActionArgs) => write(args, Reading, markRead, { saved: (count) => pageWords.say('marked', { count }) })

export function meta({ matches }: Route.MetaArgs) {
  const language = languageIn(matches)
  return [{ title: `${noticeWords.in(language)('title')} · ${webWords.in(language)('appName')}` }]
}

export default function NoticesPage({ loaderData }: Route.ComponentProps) {
  const t = pageWords.in(useLanguage())
  const { unread, total, groups, page, pages, mayChoose, keepsWebhooks } = loaderData
  return (
    <Shell section="notices">
      <Eyebrow>{noticeWords.in(useLanguage())('title')}</Eyebrow>
      <h1>{unread > 0 ? t('answer', { count: unread }) : t('allRead')}</h1>
      <p className="note after-lede" hidden data-new-notices>
        <a href="/notices">{t('newer')}</a>
      </p>
      {unread > 0 && (
        <form method="post" className="after-lede">
          <input type="hidden" name="isAll" value="true" />
          <Button>{t('readAll')}</Button>
        </form>
      )}
      {total === 0 && <EmptyState title={t('empty')}>{t('emptyHint')}</EmptyState>}
      {groups.map((group) => (
        <Group key={`${group.isRead} ${group.day}`} {...group} />
      ))}
      <Pagination page={page} pages={pages} hrefOf={(number) => `?page=${number}`} />
      <div className="after-lede">
        <Buttons>
          {mayChoose && <ButtonLink href="/notices/choices">{t('toChoices')}</ButtonLink>}
          {keepsWebhooks && <ButtonLink href="/notices/webhooks">{t('toWebhooks')}</ButtonLink>}
        </Buttons>
      </div>
    </Shell>
  )
}

type Item = Route.ComponentProps['loaderData']['groups'][number]['notices'][number]

function Group({ day, isRead, notices }: { day: string; isRead: boolean; notices: Item[] }) {
  const language = useLanguage()
  const t = pageWords.in(language)
  const weekday = showWeekday(day, language)
  return (
    <section className="after-lede" aria-label={t(isRead ? 'readOf' : 'unreadOf', { day: showDay(day) })}>
      <h2 className={isRead ? 'q2' : undefined}>
        {weekday[0]!.toUpperCase() + weekday.slice(1)}, {showDay(day)} {isRead && <span className="sm q3">{t('read')}</span>}
      </h2>
      <ul className="notices">
        {notices.map((notice) => (
          <Line key={notice.id} {...notice} />
        ))}
      </ul>
    </section>
  )
}

function Line({ id, sentence, note, path, occasion, isRequired, isRead, time, instant }: Item) {
  const language = useLanguage()
  const t = pageWords.in(language)
  return (
    <li id={`notice-${id}`} className={isRead ? 'is-read' : undefined}>
      <time className="q3 n" dateTime={instant}>
        {time}
      </time>
      <div>
        {path ? <a href={`/notices/${id}/open`}>{sentence}</a> : <span className="q2">{sentence}</span>}
        {note && <p className="sm">“{note}”</p>}
        {(isRequired || occasion > 1) && <span className="sub sm q2">{[isRequired && t('isRequired'), occasion > 1 && noticeWords.in(language)('again', { count: occasion })].filter(Boolean).join(' · ')}</span>}
      </div>
      {!isRead && (
        <form method="post">
          <input type="hidden" name="noticeIds" value={id} />
          <Button kind="quiet" label={t('readOne', { sentence })}>
            {t('markRead')}
          </Button>
        </form>
      )}
    </li>
  )
}

/** As they come, the unread first: one group a day. */
function grouped<Notice extends { day: string; isRead: boolean }>(notices: Notice[]): { day: string; isRead: boolean; notices: Notice[] }[] {
  const groups: { day: string; isRead: boolean; notices: Notice[] }[] = []
  for (const notice of notices) {
    const last = groups.at(-1)
    if (last && last.day === notice.day && last.isRead === notice.isRead) last.notices.push(notice)
    else groups.push({ day: notice.day, isRead: notice.isRead, notices: [notice] })
  }
  return groups
}
