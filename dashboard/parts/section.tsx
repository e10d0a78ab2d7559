import { Text, Title } from '@mantine/core'
import { type ReactNode, useId } from 'react'

/** A card with a heading of its own, and what it is for. */
export const Section = ({
  title,
  help,
  children,
}: {
  readonly title: string
  readonly help?: string
  readonly children: ReactNode
}) => {
  const id = useId()
  return (
    <section className="card" aria-labelledby={id}>
      <Title order={2} size="h4" id={id} mb={help === undefined ? 'sm' : 4}>
        {title}
      </Title>
      {help === undefined ? null : (
        <Text size="sm" c="dimmed" mb="sm">
          {help}
        </Text>
      )}
      {children}
    </section>
  )
}
