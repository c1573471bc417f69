import { redirect, type ActionFunctionArgs } from 'react-router'
import { leaveActing, setActing } from '../../web/acting-mode.server.ts'
import { appContext } from '../../web/context.ts'
import { languageOf } from '../../web/language.ts'
import { demandSameOrigin } from '../../web/origin.server.ts'
import { write } from '../../web/write.server.ts'
import { actingWords } from './acting.messages.ts'
import { ActingChoice } from './acting.schema.ts'
import { enterActing } from './acting.server.ts'

/** Begins to work in the place of a person who is helped (`?do=enter`), or stops: stopping is open also when the naming has ended. */
export async function action(args: ActionFunctionArgs) {
  if (new URL(args.request.url).searchParams.get('do') === 'enter') return enter(args)
  demandSameOrigin(args.request, args.context.get(appContext).config.publicUrl)
  return leaveActing(args, actingWords.in(languageOf(args.request))('left'))
}

export const loader = () => redirect('/acting')

async function enter(args: ActionFunctionArgs) {
  let actingId = ''
  const answer: unknown = await write(args, ActingChoice, enterActing, {
    to: (_, input) => {
      actingId = input.actingId
      return '/'
    },
    saved: ({ helped }) => actingWords.say('entered', { helped: helped ?? '' }),
  }).catch((thrown: unknown) => thrown)
  if (answer instanceof Response && answer.status === 303 && actingId) await setActing(args, actingId)
  // There is no page under this address: what was refused is said on the page of namings.
  if (typeof answer === 'object' && answer !== null && 'data' in answer && isRefusal(answer.data)) return leaveActing(args, answer.data.problems['form'] ?? Object.values(answer.data.problems)[0] ?? '')
  throw answer
}

function isRefusal(data: unknown): data is { problems: Record<string, string> } {
  return typeof data === 'object' && data !== null && 'problems' in data
}
