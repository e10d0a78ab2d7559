import type { HttpResponse } from '../lib/http.ts'

/** The JSON of an answer; undefined where it is none: gateways answer with pages, and connections end in the middle. */
export const answerBody = ({ body }: Pick<HttpResponse, 'body'>): unknown => {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
