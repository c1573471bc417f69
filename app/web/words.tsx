/** A longer text as it was written, a paragraph a line. */
export function Words({ text }: { text: string }) {
  return (
    <div className="words">
      {text.split(/\n+/).map((line, index) => (
        <p key={index}>{line}</p>
      ))}
    </div>
  )
}
