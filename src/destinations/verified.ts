import type { HttpResponse } from '../lib/http.ts'
import type { Verified } from './destination.ts'

/** What is said of an answer to a verification that tells nothing about the credentials. */
export const uncertain = (platform: string, { status }: HttpResponse, inItsWords?: string): Verified => {
  const message =
    status === 0
      ? `${platform} did not answer. Check this server’s network and try again.`
      : status === 429
        ? `${platform} is limiting requests at the moment. Try again in a minute.`
        : status >= 200 && status < 300
          ? `Something answered in place of ${platform} (a proxy?). Check this server’s network.`
          : `${platform} answered with status ${status}, which tells nothing about the credentials. Try again later.`
  return { outcome: 'unknown', message: inItsWords === undefined ? message : quoting(message, platform, inItsWords) }
}

/** A sentence with the platform's own words behind it. */
export const quoting = (message: string, platform: string, words: string | undefined): string =>
  words === undefined ? message : `${message} ${platform} says: ${words}${/[.!?]$/.test(words) ? '' : '.'}`
