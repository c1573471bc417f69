import { expect, test } from 'vitest'
import { chartPng, shareOverTime } from './chart.server.ts'

const points = [
  { day: '2021-03-28', numerator: 10_806, denominator: 50_424 },
  { day: '2021-05-09', numerator: 31_204, denominator: 50_424 },
  { day: '2021-06-30', numerator: 49_901, denominator: 50_424 },
]
const chart = { points, deadline: '2021-06-30', language: 'vi', palette: 'page' } as const

test('the chart says its first and last share, in words too, and where the deadline is', () => {
  const svg = shareOverTime(chart)
  expect(svg).toContain('<title>Tỷ lệ đã học từ 21,43% ngày 28/3/2021 lên 98,96% ngày 30/6/2021</title>')
  for (const words of ['>21,43%<', '>98,96%<', '>hạn 30/6<', '>nét đứt: nhịp đều<', '>0%<', '>50%<', '>100%<', 'role="img"']) expect(svg).toContain(words)
  expect(shareOverTime({ ...chart, language: 'en' })).toContain('>98.96%<')
})
test('on a page its colours are those of the page, light or dark, and nothing in it needs a style to be allowed', () => {
  const svg = shareOverTime(chart)
  expect(svg).toContain('var(--ts-ink)')
  expect(svg).not.toMatch(/#[0-9a-f]{3,6}|style=|<style/i)
})
test('on paper it is a picture of its own', async () => {
  const svg = shareOverTime({ ...chart, palette: 'paper' })
  expect(svg).not.toContain('var(')
  const png = Buffer.from(await chartPng(svg))
  expect(png.subarray(1, 4).toString()).toBe('PNG')
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([768, 472])
})
test('one day, no days, an empty base and days past the deadline are drawn or left out without a fault', () => {
  expect(shareOverTime({ ...chart, points: [] })).toBe('')
  for (const few of [points.slice(0, 1), [{ day: '2021-06-30', numerator: 0, denominator: 0 }], [...points, { day: '2021-07-20', numerator: 50_424, denominator: 50_424 }]])
    expect(shareOverTime({ ...chart, points: few })).not.toContain('NaN')
})
