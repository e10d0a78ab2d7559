import { type Person, sha256 } from '../kit/people.ts'

// How Google wants a person’s data before it is hashed, in Analytics and in Ads alike.

/** SHA-256 in hex of the address in lower case; of Gmail without dots and without what follows a plus sign. */
export const hashedEmail = ({ email }: Person): string | undefined => {
  if (email === undefined) return undefined
  const [local = '', domain = ''] = email.trim().toLowerCase().split('@')
  const isGmail = domain === 'gmail.com' || domain === 'googlemail.com'
  return sha256(`${isGmail ? (local.split('+')[0] ?? '').replaceAll('.', '') : local}@${domain}`)
}

/** SHA-256 in hex of the plus sign and the digits (E.164). */
export const hashedPhone = ({ phone }: Person): string | undefined => phone && sha256(`+${phone.replaceAll(/\D/g, '')}`)
