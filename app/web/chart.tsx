/** A chart that the server drew (shareOverTime), scaled to its column; nothing when there is nothing to draw. */
export function Chart({ svg }: { svg: string }) {
  if (svg === '') return null
  return <figure className="charted" dangerouslySetInnerHTML={{ __html: svg }} />
}
