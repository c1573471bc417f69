import { walkAllPages } from './pages-walk.ts'

walkAllPages()
