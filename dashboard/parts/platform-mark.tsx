/** A platform's initial on its colour, dark enough for white text. No logos: those are trademarks. */
const COLOURS: Readonly<Record<string, string>> = {
  pinterest: '#b3001b',
  meta: '#0a58ca',
  tiktok: '#111',
  reddit: '#b83200',
}

export const PlatformMark = ({ slug, name }: { readonly slug: string; readonly name: string }) => (
  <span className="mark" style={{ background: COLOURS[slug] ?? '#46525e' }} aria-hidden>
    {name.charAt(0)}
  </span>
)
