import { createRequire } from 'node:module'
import { Resvg } from '@resvg/resvg-js'
import { LineChart } from 'echarts/charts'
import { GridComponent } from 'echarts/components'
import { init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { showPercent } from '../figures/figure.ts'
import { addDays, showDay, type Day } from '../platform/clock.ts'
import type { Language } from '../platform/i18n.ts'
import { webWords } from './web.messages.ts'

use([LineChart, GridComponent, SVGRenderer])

/** One day of the curve: how many of how many by the end of that day. */
export type ChartPoint = { day: Day; numerator: number; denominator: number }

export type ShareOverTime = {
  points: ChartPoint[] // first to last
  deadline: Day
  language: Language
  width?: number
  height?: number
  /** "page" follows light and dark of the page by its custom properties; "paper" is black in the letters of documents. */
  palette: 'page' | 'paper'
}

export const palettes = {
  page: { ink: 'var(--ts-ink)', quiet: 'var(--ts-ink-3)', line: 'var(--ts-line)', pace: 'var(--ts-edge)', words: 'Be Vietnam Pro, Segoe UI, sans-serif', figures: 'Inter, Segoe UI, sans-serif' },
  paper: { ink: '#000', quiet: '#000', line: '#bbb', pace: '#555', words: 'Tinos', figures: 'Tinos' },
}

/**
 * The share over time towards the deadline as an SVG document: first and last point with their share, an even pace dashed,
 * 0, 50 and 100 % at the left. An empty string when there is no point to draw.
 */
export function shareOverTime({ points, deadline, language, width = 384, height = 236, palette }: ShareOverTime): string {
  const [first, last] = [points[0], points.at(-1)]
  if (!first || !last) return ''
  const t = webWords.in(language)
  const color = palettes[palette]
  const end = last.day > deadline ? last.day : deadline
  const x = (day: Day) => daysBetween(first.day, day)
  const span = Math.max(1, x(end))
  const y = (point: ChartPoint) => (point.denominator ? point.numerator / point.denominator : 0) * 100
  const shown = points.map((point, index) => ({
    value: [x(point.day), y(point)],
    symbolSize: points.length <= 16 || index === 0 || index === points.length - 1 ? 6 : 0,
    label: labelOf(index),
  }))
  const text = (size = 14) => ({ fontSize: size, fontFamily: color.figures, color: color.quiet })
  const pace = { from: y(first), to: 100, at: (share: number) => y(first) + (100 - y(first)) * share }
  const atLabel = points.findLast((point) => x(point.day) <= x(deadline) * 0.52) ?? first
  const isAhead = y(atLabel) >= pace.at(x(atLabel.day) / Math.max(1, x(deadline)))

  function labelOf(index: number) {
    const isLast = index === points.length - 1
    if (index !== 0 && !isLast) return { show: false }
    const point = points[index]!
    // The first label stands under its point unless it would leave the picture; the last above, turned inwards at the edge.
    const isLow = y(point) < 14
    const offset = isLast ? (y(point) < 90 || x(point.day) < span * 0.8 ? [0, -4] : [0, -2]) : isLow ? [8, -4] : [8, 0]
    return {
      show: true,
      formatter: showPercent(point.numerator, point.denominator, language),
      position: isLast || isLow ? 'top' : 'bottom',
      align: isLast && x(point.day) > span * 0.2 ? 'right' : 'left',
      distance: 4,
      offset,
      fontFamily: color.figures,
      fontSize: 14,
      fontWeight: 600,
      color: color.ink,
    }
  }

  const inner = points.map((point) => x(point.day)).filter((at) => at > span * 0.25 && at < span * 0.7)
  const middle = inner.toSorted((a, b) => Math.abs(a - span / 2) - Math.abs(b - span / 2)).slice(0, 1)
  const days = [0, ...middle, span]
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height })
  try {
    chart.setOption({
      animation: false,
      grid: { left: 44, right: 14, top: 26, bottom: 34, outerBoundsMode: 'none' },
      xAxis: {
        type: 'value',
        min: 0,
        max: span,
        axisLine: { show: false },
        axisTick: { show: false },
        splitLine: { show: false },
        axisLabel: {
          ...text(),
          customValues: days,
          alignMinLabel: 'left',
          alignMaxLabel: 'right',
          hideOverlap: true,
          margin: 12,
          formatter: (value: number) => {
            const day = showDay(addDays(first.day, Math.round(value))).replace(/\/\d{4}$/, '')
            return value === x(deadline) ? `${t('chartDeadline')} ${day}` : day
          },
        },
      },
      yAxis: {
        type: 'value',
        min: 0,
        max: 100,
        interval: 50,
        axisLine: { show: false },
        axisTick: { show: false },
        axisLabel: { ...text(), formatter: '{value}%', margin: 8 },
        splitLine: { lineStyle: { color: color.line, width: 1 } },
      },
      series: [
        {
          type: 'line', // the deadline
          silent: true,
          clip: false,
          symbol: 'none',
          lineStyle: { color: color.quiet, width: 1 },
          data: [[x(deadline), 0], [x(deadline), 100]],
        },
        {
          type: 'line', // an even pace from the first day
          silent: true,
          clip: false,
          symbolSize: 0,
          lineStyle: { color: color.pace, width: 1, type: [2, 4] },
          data: [
            [0, pace.from],
            {
              value: [x(deadline) * 0.52, pace.at(0.52)],
              label: { show: true, formatter: t('chartEvenPace'), position: isAhead ? 'bottom' : 'top', align: isAhead ? 'left' : 'right', offset: isAhead ? [2, 6] : [-2, -4], fontFamily: color.words, fontSize: 14, color: color.quiet },
            },
            [x(deadline), 100],
          ],
        },
        {
          type: 'line',
          silent: true,
          clip: false,
          symbol: 'circle',
          lineStyle: { color: color.ink, width: 2, join: 'round' },
          itemStyle: { color: color.ink, borderWidth: 0 },
          data: shown,
        },
      ],
    })
    return described(chart.renderToSVGString(), shareOverTimeInWords(points, language))
  } finally {
    chart.dispose()
  }
}

/** What the picture shows, in a sentence: its title, for those who do not see it. An empty string without a point. */
export function shareOverTimeInWords(points: ChartPoint[], language: Language): string {
  const [first, last] = [points[0], points.at(-1)]
  if (!first || !last) return ''
  return webWords.in(language)('chartTitle', {
    from: showPercent(first.numerator, first.denominator, language),
    fromDay: showDay(first.day),
    to: showPercent(last.numerator, last.denominator, language),
    toDay: showDay(last.day),
  })
}

/** The picture of a "paper" chart for DOCX and PDF, at twice its size, in the letters of documents. */
export async function chartPng(svg: string): Promise<Uint8Array> {
  const resvg = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: 2 },
    background: '#fff',
    font: { fontFiles: fontFiles(), loadSystemFonts: false, defaultFontFamily: 'Tinos' },
  })
  return resvg.render().asPng()
}

const daysBetween = (from: Day, to: Day) => Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000)

/**
 * Gives a picture its words, and leaves out what a still picture has no use for. Styles become attributes: a page that
 * forbids inline styles still draws them.
 */
export function described(svg: string, title: string): string {
  const safe = title.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
  const head = /^<svg[^>]*width="(\d+)" height="(\d+)"[^>]*>/.exec(svg)!
  const body = svg
    .slice(head[0].length)
    .replace(/<(style|defs)[\s\S]*?<\/\1>\s*|<g clip-path[^>]*>\n?|<\/g>\n?/g, '')
    .replace(/<path [^>]*matrix\(0,0,0,0,[^>]*><\/path>\n?/g, '')
    .replace(/ (?:class|pointer-events|ecmeta_\w+|xml:space)="[^"]*"/g, '')
    .replace(/ style="([^"]*)"/g, (_, style: string) => style.replace(/([\w-]+):([^;]+);/g, ' $1="$2"'))
  return `<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" aria-label="${safe}" width="${head[1]}" height="${head[2]}" viewBox="0 0 ${head[1]} ${head[2]}"><title>${safe}</title>${body}`
}

function fontFiles(): string[] {
  const require = createRequire(import.meta.url)
  return ['400Regular/Tinos_400Regular.ttf', '700Bold/Tinos_700Bold.ttf'].map((file) => require.resolve(`@expo-google-fonts/tinos/${file}`))
}
