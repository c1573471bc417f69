import { enhanceBell } from './web/script/bell.ts'
import { enhanceAutosave } from './web/script/form-autosave.ts'
import { enhanceDrafts } from './web/script/form-draft.ts'
import { enhanceForms } from './web/script/forms.ts'
import { enhancePalette } from './web/script/palette.ts'
import { enhancePickers, revealScripted } from './web/script/pickers.ts'
import { enhanceRoll } from './web/script/roll.ts'
import { enhanceStrength } from './web/script/strength.ts'

// Pages are whole without this; it only adds comfort, and nothing here renders.
let leave = () => {}
function enhancePage(): void {
  leave()
  revealScripted()
  enhanceStrength()
  leave = enhanceRoll(enhancePage)
}

enhanceForms()
enhancePickers()
enhanceDrafts()
enhanceAutosave()
enhancePalette()
enhanceBell()
enhancePage()
