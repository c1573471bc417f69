import { workApart } from '../../platform/apart.ts'
import { answered } from '../../platform/reading/apart.server.ts'
import { checkHere, type Given } from './checks.server.ts'

workApart((given: Given) => answered(() => checkHere(given)))
