import { Text } from '@mantine/core'
import type { ReactNode } from 'react'

/** One large number, what it is, and what it means. */
export const Figure = ({
  label,
  help,
  note,
  children,
}: {
  readonly label: string
  readonly help?: string
  readonly note?: string
  readonly children: ReactNode
}) => (
  <div className="card figure">
    <Text component="h2" size="sm" c="dimmed" fw={500}>
      {label}
    </Text>
    <Text className="row-value" fz={{ base: 24, xl: 28 }} fw={700} lh={1.25} lts="-0.02em">
      {children}
    </Text>
    {note === undefined ? null : <Text size="sm">{note}</Text>}
    {help === undefined ? null : (
      <Text size="xs" c="dimmed" mt={4}>
        {help}
      </Text>
    )}
  </div>
)
