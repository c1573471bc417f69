import { ScatterChart } from 'echarts/charts'
import { GridComponent } from 'echarts/components'
import { init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { addDays, showDay, type Day } from '../platform/clock.ts'
import { described, palettes } from './chart.server.ts'

use([ScatterChart, GridComponent, SVGRenderer])

/** What happened on which day, on the row of which name; several on one day and row are one larger point, with their number where there is room. */
export type TimelinePoint = { day: Day; row: string }

type Timeline = { points: TimelinePoint[]; rows: string[]; title: string; width?: number }

const rowHeight = 44

/** Points on rows over time as an SVG document, rows from the top; an empty string when there is no point to draw. */
export function timeline({ points, rows, title, width = 486 }: Timeline): string {
  const shown = rows.filter((row) => points.some((point) => point.row === row))
  const days = points.map(({ day }) => day).toSorted()
  const [first, last] = [days[0], days.at(-1)]
  if (!first || !last) return ''
  const color = palettes.page
  const x = (day: Day) => Math.round((Date.parse(day) - Date.parse(first)) / 86_400_000)
  const span = Math.max(1, x(last))
  const together = [...Map.groupBy(points, ({ day, row }) => `${day} ${row}`).values()]
  const isAlone = ({ day, row }: TimelinePoint) => points.every((other) => other.row !== row || other.day === day || Math.abs(x(other.day) - x(day)) > span * 0.06)
  const middle = days.filter((day) => x(day) > span * 0.3 && x(day) < span * 0.7).toSorted((a, b) => Math.abs(x(a) - span / 2) - Math.abs(x(b) - span / 2))[0]
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height: shown.length * rowHeight + 60 })
  try {
    chart.setOption({
      animation: false,
      grid: { left: 148, right: 34, top: 14, bottom: 34, outerBoundsMode: 'none' },
      xAxis: {
        type: 'value',
        min: 0,
        max: span,
        axisLine: { show: false },
        axisTick: { show: false },
        splitLine: { show: false },
        axisLabel: {
          fontSize: 14,
          fontFamily: color.figures,
          color: color.quiet,
          customValues: [0, ...(middle ? [x(middle)] : []), span],
          alignMinLabel: 'left',
          alignMaxLabel: 'right',
          hideOverlap: true,
          margin: 12,
          formatter: (value: number) => showDay(addDays(first, Math.round(value))),
        },
      },
      yAxis: {
        type: 'category',
        inverse: true,
        data: shown,
        axisLine: { show: false },
        axisTick: { show: false },
        splitLine: { show: true, lineStyle: { color: color.line, width: 1 } },
        axisLabel: { fontSize: 14, fontFamily: color.words, color: color.ink, margin: 148, width: 140, overflow: 'break', align: 'left' },
      },
      series: [
        {
          type: 'scatter',
          silent: true,
          clip: false,
          itemStyle: { color: color.ink, borderWidth: 0 },
          data: together.map((one) => ({
            value: [x(one[0]!.day), one[0]!.row],
            symbolSize: Math.min(22, 7 + 2 * Math.sqrt(one.length - 1)),
            label: { show: one.length > 1 && isAlone(one[0]!), formatter: String(one.length), position: 'top', distance: 2, fontFamily: color.figures, fontSize: 13, color: color.quiet },
          })),
        },
      ],
    })
    return described(chart.renderToSVGString(), title)
  } finally {
    chart.dispose()
  }
}
