import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'

/** Follows a shop: asks again for what is shown whenever the server says that something changed. True while connected. */
export const useLive = (shop: string): boolean => {
  const queries = useQueryClient()
  const [connected, setConnected] = useState(false)
  useEffect(() => {
    const source = new EventSource(`/api/live?shop=${encodeURIComponent(shop)}`)
    const refresh = () => queries.invalidateQueries({ queryKey: ['shop', shop] }, { cancelRefetch: false })
    source.addEventListener('open', () => {
      setConnected(true)
      // What happened while we were away.
      void refresh()
    })
    source.addEventListener('changed', refresh)
    // The browser connects again by itself.
    source.addEventListener('error', () => setConnected(false))
    return () => source.close()
  }, [shop, queries])
  return connected
}
