import type { LoaderFunctionArgs } from 'react-router'
import { downloadMade } from '../../web/download.server.ts'
import { read } from '../../web/read.server.ts'
import { fileOf } from '../imports/files.server.ts'
import { matrixGrid } from './matrix-sheet.server.ts'
import { exactMatrixAsked } from './matrix-view.server.ts'

/** The matrix of the page beside it as a workbook, with what is filtered and opened there. */
export async function loader(args: LoaderFunctionArgs): Promise<Response> {
  const { grid, name } = await read(args, async (ctx, { params, url, language }) => {
    const { matrix, rows, campaign, place, asOf } = await exactMatrixAsked(ctx, params['code'] ?? '', url, language)
    return { grid: matrixGrid(matrix, rows, { campaign: campaign.name, unit: place.unit.name, asOf, language }), name: `documents-${campaign.code}-${place.unit.code}-${asOf}` }
  })
  return downloadMade(args, () => fileOf([grid], 'xlsx', name))
}
