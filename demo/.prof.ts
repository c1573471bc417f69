import { canTho } from './can-tho.ts'
import { generate } from './generate.ts'
import { copyLine } from './tables.ts'
const t = performance.now(); const g = generate(canTho); console.log(performance.now()-t)
