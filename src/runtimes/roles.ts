/** What one of several processes does. */
export const ROLES = ['all', 'capture', 'deliver', 'jobs', 'dashboard'] as const

export type Role = (typeof ROLES)[number]
