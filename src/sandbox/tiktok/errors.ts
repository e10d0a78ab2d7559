import { randomBytes } from 'node:crypto'
import { type Answer, type Failing, json } from '../platform.ts'

/** Where something is wrong and why, e.g. page.url: Missing required field. */
export interface Finding {
  /** Names and indices, joined by dots, below the event or the request. */
  readonly path: string
  readonly why: string
}

export interface Fault extends Finding {
  readonly code: number
}

/** A parameter is wrong. */
export const INVALID = 40002
export const NO_PERMISSION = 40001
export const NO_TOKEN = 40104
export const BAD_TOKEN = 40105
export const BATCH_SIZE = 40061
export const NOT_HASHED = 40062
export const BAD_PARTNER = 40063

const requestId = (): string => randomBytes(16).toString('hex').toUpperCase()

/** Practically every result of the application comes as HTTP 200; the code in the body decides. */
export const answerOf = (code: number, message: string): Answer => {
  const id = requestId()
  return json(200, { code, message, request_id: id, data: {} }, { 'x-tt-logid': id })
}

/** What the edge says before the application is asked. */
const edge = (status: number, type: string, body: string): Answer => ({
  status,
  headers: { 'content-type': type },
  body,
})

/** 4xx means that path or method is wrong, e.g. that the path has no slash at its end. */
export const NOT_FOUND = edge(404, 'text/plain', '404 page not found')
export const WRONG_METHOD = edge(405, 'text/plain', '405 method not allowed')

/** Codes that mean throttling. */
export const RATE_LIMITS: ReadonlySet<number> = new Set([40100, 40016, 40132, 40133, 51021, 61000])

const page = (status: number, title: string): Answer =>
  edge(status, 'text/html', `<html><head><title>${status} ${title}</title></head><body>${title}</body></html>`)

/** The sheet has no sample for a body that is too large; a page of the edge is assumed, as it is seen with a 502. */
export const failing = (status: Failing, rateLimit: number): Answer => {
  if (status === 401) return answerOf(BAD_TOKEN, 'Access token is incorrect or has been revoked.')
  if (status === 403) return answerOf(NO_PERMISSION, 'No permission to operate this pixel code.')
  if (status === 413) return page(413, 'Request Entity Too Large')
  if (status === 429) return answerOf(rateLimit, 'Too many requests. Please retry in some time.')
  return status === 500 ? answerOf(50000, 'System error.') : page(503, 'Service Temporarily Unavailable')
}
