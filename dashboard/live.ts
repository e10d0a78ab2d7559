import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'

/** Whether what is shown follows the shop. */
export interface Following {
  readonly live: boolean
  /** Since when it does not although it did before, ms since 1970. */
  readonly lostAt?: number
}

/** Follows a shop: asks again for what is shown whenever the server says that something changed. */
export const useLive = (shop: string): Following => {
  const queries = useQueryClient()
  const [following, follow] = useState<Following>({ live: false })
  useEffect(() => {
    const source = new EventSource(`/api/live?shop=${encodeURIComponent(shop)}`)
    const refresh = () => queries.invalidateQueries({ queryKey: ['shop', shop] }, { cancelRefetch: false })
    const found = () => {
      follow({ live: true })
      // What happened while we were away.
      void refresh()
    }
    const lost = () => follow((was) => (was.live ? { live: false, lostAt: Date.now() } : was))
    source.addEventListener('open', found)
    source.addEventListener('changed', refresh)
    // The browser connects again by itself.
    source.addEventListener('error', lost)
    // A stream may outlive a short time without a network.
    const back = () => {
      if (source.readyState === EventSource.OPEN) found()
    }
    window.addEventListener('offline', lost)
    window.addEventListener('online', back)
    return () => {
      source.close()
      window.removeEventListener('offline', lost)
      window.removeEventListener('online', back)
    }
  }, [shop, queries])
  return following
}
