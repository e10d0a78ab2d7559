/** A platform's initials on its colour, dark enough for white text. No logos: those are trademarks. */
const COLOURS: Readonly<Record<string, string>> = {
  pinterest: '#b3001b',
  meta: '#0a58ca',
  'google-ads': '#1a5fb4',
  ga4: '#a84e00',
  tiktok: '#111',
  snapchat: '#6b6000',
  reddit: '#b83200',
  klaviyo: '#1d4d3a',
  criteo: '#9c3d10',
  webhook: '#4a4a68',
}

/** "Google Analytics 4" -> "GA4": platforms of one company have to differ. */
export const initials = (name: string): string =>
  name
    .split(' ')
    .map((word) => word.charAt(0))
    .join('')

export const PlatformMark = ({ slug, name }: { readonly slug: string; readonly name: string }) => {
  const letters = initials(name)
  return (
    <span
      className="mark"
      style={{ background: COLOURS[slug] ?? '#46525e', fontSize: letters.length > 2 ? 13 : undefined }}
      aria-hidden
    >
      {letters}
    </span>
  )
}
