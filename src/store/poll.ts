/** A request that was accepted and whose outcome the platform tells later. */
export interface Poll {
  /** The platform's name of the job. */
  readonly job: string
  /** The event of each item of the request, in its order; 0 for one that has been decided otherwise. */
  readonly seqs: readonly number[]
  readonly sentAt: number
  readonly due: number
  /** How often it was asked about. */
  readonly tries: number
  /** The how manieth sending of its events this was. */
  readonly sendings: number
}

/** An access token, kept so that it is fetched once and not by every start. */
export interface KeptToken {
  readonly token: string
  /** ms since 1970. */
  readonly expiresAt: number
  /** The settings that it was had with; with others it is worth nothing. */
  readonly settingsVersion: number
}
