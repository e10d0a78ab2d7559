import { LineChart } from '@mantine/charts'
import { dayLabel, share } from '../format.ts'
import type { MatchQuality, PlatformQuality } from '../queries/figures.ts'
import { Q } from '../texts/quality.ts'

/** The estimate of each day, with the marks that it is measured by. */
export const Trend = ({
  trend,
  marks,
}: {
  readonly trend: PlatformQuality['trend']
  readonly marks: MatchQuality['marks']
}) => {
  const told = trend.flatMap(({ day, estimate }) =>
    estimate === undefined ? [] : [`${dayLabel(day)} ${share(estimate)}`],
  )
  return (
    <div role="img" aria-label={`${Q.trend}: ${told.join(', ')}`}>
      <LineChart
        h={150}
        data={trend.map(({ day, estimate }) => ({
          day: dayLabel(day),
          estimate: estimate === undefined ? null : Math.round(100 * estimate),
        }))}
        dataKey="day"
        series={[{ name: 'estimate', label: Q.estimate, color: 'var(--bar)' }]}
        referenceLines={[marks.acceptable, marks.strong].map((mark) => ({
          y: 100 * mark,
          color: 'var(--skipped)',
          label: share(mark),
          labelPosition: 'insideTopLeft',
        }))}
        yAxisProps={{ domain: [0, 100], width: 40 }}
        unit="%"
        curveType="monotone"
        connectNulls
        gridAxis="none"
        lineChartProps={{ accessibilityLayer: false }}
        lineProps={{ isAnimationActive: false }}
      />
    </div>
  )
}
