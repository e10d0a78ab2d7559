/** A platform's initial on its colour, dark enough for white text. No logos: those are trademarks. */
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

export const PlatformMark = ({ slug, name }: { readonly slug: string; readonly name: string }) => (
  <span className="mark" style={{ background: COLOURS[slug] ?? '#46525e' }} aria-hidden>
    {name.charAt(0)}
  </span>
)
