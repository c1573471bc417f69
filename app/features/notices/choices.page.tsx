import { v7 } from 'uuid'
import type { Route } from './+types/choices.page'
import { Button, ButtonLink, Buttons } from '../../web/button.tsx'
import { appContext } from '../../web/context.ts'
import { Field, RadioField, SelectField } from '../../web/field.tsx'
import { languageIn, useLanguage } from '../../web/language.ts'
import { Notice, ProblemList } from '../../web/notice.tsx'
import { read } from '../../web/read.server.ts'
import { Column, Eyebrow, Grid, Lede, Shell } from '../../web/shell.tsx'
import { webWords } from '../../web/web.messages.ts'
import { write } from '../../web/write.server.ts'
import { choose, giveAddress, ownChoices, removeAddress } from './choices.server.ts'
import { choiceWords } from './choices.messages.ts'
import { noticeWords } from './notices.messages.ts'
import { Address, Choices, Pressed } from './notices.schema.ts'

export const loader = (args: Route.LoaderArgs) =>
  read(args, async (ctx) => ({ newId: v7(), choices: await ownChoices(ctx), isMailOn: args.context.get(appContext).mail.isOn }))

export const action = (args: Route.ActionArgs) => {
  const what = new URL(args.request.url).searchParams.get('do')
  if (what === 'address') return write(args, Address, (ctx, input, { language }) => giveAddress(ctx, input, language), { saved: () => choiceWords.say('given'), to: () => '/notices/choices' })
  if (what === 'remove') return write(args, Pressed, removeAddress, { saved: () => choiceWords.say('removed'), to: () => '/notices/choices' })
  return write(args, Choices, choose)
}

export function meta({ matches }: Route.MetaArgs) {
  const language = languageIn(matches)
  return [{ title: `${choiceWords.in(language)('title')} · ${webWords.in(language)('appName')}` }]
}

export default function ChoicesPage({ loaderData, actionData }: Route.ComponentProps) {
  const t = choiceWords.in(useLanguage())
  const { choices, isMailOn } = loaderData
  const { address } = choices
  const answer = !address ? t('answer.none') : t(address.isConfirmed ? `answer.${choices.scope}` : 'answer.waiting', { address: address.address })
  return (
    <Shell section="notices">
      <Eyebrow>{t('title')}</Eyebrow>
      <h1>{answer}</h1>
      <Lede>{isMailOn ? t('lede') : t('off')}</Lede>
      {address?.lastProblem && <Notice className="after-lede" isAttention>{t('problem', { problem: address.lastProblem })}</Notice>}
      <ProblemList problems={actionData && 'problems' in actionData ? actionData.problems : null} />
      <Grid>
        {(isMailOn || address) && (
          <Column span={5} id="email" title={t('address')}>
            <AddressForm loaderData={loaderData} actionData={actionData} />
          </Column>
        )}
        {(isMailOn || address) && (
          <Column span={7} id="letters" title={t('letters')}>
            <ChoicesForm choices={choices} actionData={actionData} />
          </Column>
        )}
        <Column span={5} id="calendar" title={t('calendar')}>
          <p>{t('calendar_hint')}</p>
          <div className="after-lede">
            <ButtonLink href="/me/calendar">{t('calendar_open')}</ButtonLink>
          </div>
        </Column>
      </Grid>
    </Shell>
  )
}

function AddressForm({ loaderData: { choices, newId, isMailOn }, actionData }: Pick<Route.ComponentProps, 'loaderData' | 'actionData'>) {
  const t = choiceWords.in(useLanguage())
  const refused = actionData && 'problems' in actionData ? actionData : null
  return (
    <>
      {isMailOn && (
        <form method="post" action="?do=address">
          <input type="hidden" name="id" value={newId} />
          <Field name="address" type="email" inputMode="email" autoComplete="email" label={t('address')} hint={t('address_hint')} value={refused?.values['address'] ?? choices.address?.address} problem={refused?.problems['address']} maxLength={254} isRequired />
          <div className="after-lede">
            <Button kind={choices.address ? 'plain' : 'primary'}>{t(choices.address ? 'give_again' : 'give')}</Button>
          </div>
        </form>
      )}
      {choices.address && (
        <form method="post" action="?do=remove" className="after-lede">
          <p className="sm q2">{t('remove_hint')}</p>
          <input type="hidden" name="isPressed" value="yes" />
          <Button>{t('remove')}</Button>
        </form>
      )}
    </>
  )
}

const hours = Array.from({ length: 24 }, (_, hour) => hour)

function ChoicesForm({ choices, actionData }: { choices: Route.ComponentProps['loaderData']['choices']; actionData: Route.ComponentProps['actionData'] }) {
  const language = useLanguage()
  const t = choiceWords.in(language)
  const words = noticeWords.in(language)
  const refused = actionData && 'problems' in actionData ? actionData : null
  const typed = (name: string, first: string) => refused?.values[name] ?? first
  const hourOptions = hours.map((hour) => ({ value: String(hour), label: t('hour', { hour: String(hour) }) }))
  return (
    <form method="post">
      {choices.version !== null && <input type="hidden" name="version" value={choices.version} />}
      <RadioField name="scope" label={t('scope')} value={typed('scope', choices.scope)} options={(['all', 'required'] as const).map((scope) => ({ value: scope, label: t(`scope.${scope}`) }))} />
      <SelectField name="digestHour" label={t('digest_hour')} value={typed('digestHour', String(choices.digestHour))} options={hourOptions} />
      <SelectField name="quietFrom" label={t('quiet_from')} hint={t('quiet_hint')} value={typed('quietFrom', String(choices.quietFrom))} options={hourOptions} />
      <SelectField name="quietTo" label={t('quiet_to')} value={typed('quietTo', String(choices.quietTo))} options={hourOptions} />
      <fieldset className="field" aria-describedby="kinds-hint">
        <legend className="lab-top">{t('kinds')}</legend>
        <span className="hint" id="kinds-hint">
          {t('kinds_hint')}
        </span>
        {choices.kinds.map(({ kind, mode, isRequired }) => (
          <SelectField
            key={kind}
            name={`kinds.${kind}`}
            label={`${words(`kind.${kind}`)}${isRequired ? ` (${t('required')})` : ''}`}
            value={typed(`kinds.${kind}`, mode)}
            problem={refused?.problems[`kinds.${kind}`]}
            options={(isRequired ? (['now', 'digest'] as const) : (['now', 'digest', 'none'] as const)).map((one) => ({ value: one, label: t(`mode.${one}`) }))}
          />
        ))}
      </fieldset>
      <div className="after-lede">
        <Buttons>
          <Button kind={choices.address ? 'primary' : 'plain'} isWide>
            {t('save')}
          </Button>
        </Buttons>
      </div>
    </form>
  )
}
