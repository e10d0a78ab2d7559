/** A person appears as a bare id (a subject) and with its kind in front (an identity key); erasing finds both. */
const KINDS = ['client', 'checkout', 'cart', 'customer'] as const
const WITH_KIND = /^(?:client|checkout|cart|customer):/

export const bareSubject = (subject: string): string => subject.replace(WITH_KIND, '')

/** Every way in which a subject may be written. */
export const spellings = (subject: string): string[] => {
  const bare = bareSubject(subject)
  return [bare, ...KINDS.map((kind) => `${kind}:${bare}`)]
}
