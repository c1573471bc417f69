import { walkAs, walkAsNobody } from './scope-walk.ts'

walkAs(['ut.tanan', 'lan.tanan', 'vanphong.thanhloc'])
walkAsNobody()
