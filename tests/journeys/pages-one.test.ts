import { walkPages } from './pages-walk.ts'

walkPages(0)
