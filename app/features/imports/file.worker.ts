import { workApart } from '../../platform/apart.ts'
import { written, type Grid } from './files.server.ts'
import type { FileFormat } from './imports.schema.ts'

workApart(({ grids, format }: { grids: Grid[]; format: FileFormat }) => written(grids, format))
