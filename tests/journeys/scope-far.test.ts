import { walkAs } from './scope-walk.ts'

walkAs(['bithu.vinhthanh', 'ha.city', 'kiemtra', 'quantri'])
