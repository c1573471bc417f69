import { workApart } from '../../../platform/apart.ts'
import { answered } from '../../../platform/reading/apart.server.ts'
import { readText } from '../../../platform/reading/read-text.server.ts'
import { readFirstPage } from './first-page.ts'

workApart((bytes: Uint8Array) => answered(async () => readFirstPage(await readText(bytes, { betweenParagraphs: '\n' }))))
