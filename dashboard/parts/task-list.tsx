import { Button, Group, Progress, Stack, Text } from '@mantine/core'
import { type Task, useCancelTask, useTasks } from '../api.ts'
import { duration, moment, number } from '../format.ts'
import { T } from '../texts.ts'
import { Section } from './section.tsx'
import { Told } from './told.tsx'

/** Replays and backfills of a connection: how far the running ones are, and what became of the others. */
export const TaskList = ({ shop, id }: { readonly shop: string; readonly id: string }) => {
  const tasks = useTasks(shop, id)
  if (tasks.data?.length === 0) return null
  return (
    <Section title={T.tasks}>
      {tasks.isError ? <Told state="dead">{tasks.error.message}</Told> : null}
      <ul className="causes">
        {(tasks.data ?? []).map((task) => (
          <li key={task.id}>{task.state === 'running' ? <Running shop={shop} task={task} /> : <Past task={task} />}</li>
        ))}
      </ul>
    </Section>
  )
}

const Running = ({ shop, task }: { readonly shop: string; readonly task: Task }) => {
  const cancel = useCancelTask(shop)
  const { kind, done, total, tried, perSecond, secondsLeft } = task
  const share = (100 * done) / Math.max(1, total)
  const moves = perSecond === undefined || perSecond > 0
  const said = [
    T.taskDone(number(done), number(total)),
    T.taskTried(number(tried)),
    perSecond
      ? T.perSecond(number(perSecond < 10 ? Math.round(perSecond * 10) / 10 : Math.round(perSecond)))
      : undefined,
    secondsLeft === undefined ? undefined : T.timeLeft(duration(secondsLeft * 1000)),
  ]
  return (
    <Stack gap={6}>
      <Group justify="space-between">
        <Text size="sm" fw={600}>
          {T.taskKindsRunning[kind]}
        </Text>
        <Button size="xs" variant="default" loading={cancel.isPending} onClick={() => cancel.mutate(task.id)}>
          {T.cancelTask}
        </Button>
      </Group>
      <Progress value={share} aria-label={T.progress} />
      <Text size="sm" c="dimmed">
        {said.filter(Boolean).join(' · ')}
      </Text>
      {moves ? null : <Text size="sm">{T.standsStill}</Text>}
      {cancel.isError ? <Told state="dead">{cancel.error.message}</Told> : null}
    </Stack>
  )
}

const Past = ({ task: { kind, state, tried, done, total, createdAt, endedAt } }: { readonly task: Task }) => (
  <Group justify="space-between" gap="xs">
    <Text size="sm">
      <b>{T.taskKinds[kind]}</b> · {moment(endedAt ?? createdAt)}
    </Text>
    <Text size="sm" c="dimmed">
      {[T.taskStates[state], T.taskDone(number(done), number(total)), T.taskTried(number(tried))].join(' · ')}
    </Text>
  </Group>
)
