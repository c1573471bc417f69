import { parentPort, workerData } from 'node:worker_threads'
import { written, type Grid } from './files.server.ts'
import type { FileFormat } from './imports.schema.ts'

const { grids, format } = workerData as { grids: Grid[]; format: FileFormat }
parentPort!.postMessage(await written(grids, format))
