import { BarChart } from '@mantine/charts'
import { dayLabel, number } from '../format.ts'
import type { Course } from '../queries/figures.ts'
import { P } from '../texts/platform.ts'
import { STATE_LABELS } from '../texts.ts'

const STATES = ['delivered', 'skipped', 'waiting', 'dead'] as const

/** What became of the events of each day, in the four states. */
export const CourseChart = ({ days }: { readonly days: Course['days'] }) => {
  const told = days.map(
    (day) => `${dayLabel(day.day)} ${STATES.map((state) => `${number(day[state])} ${STATE_LABELS[state]}`).join(', ')}`,
  )
  return (
    <div role="img" aria-label={`${P.chart}: ${told.join('; ')}`}>
      <BarChart
        h={220}
        data={days.map(({ day, ...counts }) => ({ ...counts, day: dayLabel(day) }))}
        dataKey="day"
        type="stacked"
        series={STATES.map((state) => ({ name: state, label: STATE_LABELS[state], color: `var(--${state})` }))}
        withLegend
        legendProps={{ verticalAlign: 'bottom', height: 40 }}
        gridAxis="x"
        valueFormatter={number}
        yAxisProps={{ allowDecimals: false, width: 48 }}
        barChartProps={{ accessibilityLayer: false }}
        barProps={{ isAnimationActive: false }}
      />
    </div>
  )
}
