import { Fragment, type ReactNode } from 'react'

/** Keys, texts and everything else of indented JSON; what it does not know stays plain. */
const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/gi

/** A JSON document, coloured, scrolling in its own box. */
export const Document = ({ text, label }: { readonly text: string; readonly label: string }) => {
  const pieces: ReactNode[] = []
  let at = 0
  for (const found of text.matchAll(TOKEN)) {
    const [token, quoted, colon] = found
    pieces.push(text.slice(at, found.index))
    at = found.index + token.length
    if (quoted !== undefined && colon !== undefined) pieces.push(<b>{quoted}</b>, colon)
    else if (quoted !== undefined) pieces.push(<span>{quoted}</span>)
    else pieces.push(<em>{token}</em>)
  }
  pieces.push(text.slice(at))
  return (
    // Reachable by keyboard, because it scrolls.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
    <section className="document" tabIndex={0} aria-label={label}>
      {pieces.map((piece, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the pieces never move
        <Fragment key={index}>{piece}</Fragment>
      ))}
    </section>
  )
}
