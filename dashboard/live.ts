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
    const left = new AbortController()
    let isOpen = false
    const refresh = () => void queries.invalidateQueries({ queryKey: ['shop', shop] }, { cancelRefetch: false })
    const found = () => {
      isOpen = true
      follow({ live: true })
      // What happened while we were away.
      refresh()
    }
    const lost = () => follow((was) => (was.live ? { live: false, lostAt: Date.now() } : was))
    const connect = async () => {
      while (!left.signal.aborted) {
        await changesOf(shop, left.signal, { opened: found, changed: refresh }).catch(() => undefined)
        isOpen = false
        if (left.signal.aborted) return
        lost()
        await new Promise((resolve) => setTimeout(resolve, AGAIN))
      }
    }
    void connect()
    // A stream may outlive a short time without a network.
    const back = () => {
      if (isOpen) found()
    }
    window.addEventListener('offline', lost)
    window.addEventListener('online', back)
    return () => {
      left.abort()
      window.removeEventListener('offline', lost)
      window.removeEventListener('online', back)
    }
  }, [shop, queries])
  return following
}

/** How soon it is tried again after the connection was lost, ms. */
const AGAIN = 3000

/**
 * Reads the stream of changes until it ends. With fetch and not EventSource: inside Shopify's admin each call carries a
 * session token in a header, which EventSource cannot send.
 */
const changesOf = async (
  shop: string,
  signal: AbortSignal,
  told: { readonly opened: () => void; readonly changed: () => void },
): Promise<void> => {
  const answer = await fetch(`/api/live?shop=${encodeURIComponent(shop)}`, { signal })
  const reader = answer.ok ? answer.body?.pipeThrough(new TextDecoderStream()).getReader() : undefined
  if (!reader) return
  told.opened()
  let rest = ''
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    const messages = (rest + read.value).split('\n\n')
    rest = messages.pop() ?? ''
    if (messages.some((message) => message.startsWith('event: changed'))) told.changed()
  }
}
