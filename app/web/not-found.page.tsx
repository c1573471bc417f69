import { data } from 'react-router'

// Where no page is. Without it the root would not learn who is asking, and in which language.
export const loader = () => {
  throw data(null, { status: 404 })
}
export const action = loader

export default function NotFound() {
  return null
}
