// What holds for every page: its weight, its width, its accessibility; and pictures for people to look at.
import { gzipSync } from 'node:zlib'
import { resolve } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import { expect, type Page, type TestInfo } from '@playwright/test'

export const widths = [390, 1024, 1440]
export const themes = ['light', 'dark'] as const

/** Bytes of HTML on the wire. */
export const HTML_CEILING = 60 * 1024
/** Requests until a first view is complete. */
export const REQUEST_CEILING = 6

/** Takes pictures at each width and theme, and checks there what depends on them. */
export async function lookAt(page: Page, name: string, info: TestInfo, withAxe: boolean): Promise<void> {
  const look = info.project.name === 'without script' ? '-noscript' : ''
  for (const width of widths) {
    for (const theme of themes) {
      await page.setViewportSize({ width, height: width < 600 ? 844 : 900 })
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
      const picture = `${name}-${width}-${theme}${look}.png`
      await page.screenshot({ path: resolve(import.meta.dirname, '../results/shots', picture), fullPage: true })
      const over = await page.evaluate(() => {
        const root = document.documentElement
        return root.scrollWidth - root.clientWidth
      })
      expect.soft(over, `${picture}: pixels too wide`).toBeLessThanOrEqual(0)
      if (withAxe && width !== 1024) await accessible(page, picture)
    }
  }
}

export async function accessible(page: Page, where: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze()
  const grave = violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html).join(' | ')}`)
  expect.soft(grave, `${where}: accessibility`).toEqual([])
}

/** Waits until the page's islands listen. A page without any is awake at once. */
export async function awake(page: Page): Promise<void> {
  if ((await page.locator('leptos-island').count()) === 0) return
  await expect(page.locator('html')).toHaveAttribute('data-awake', '', { timeout: 20_000 })
}

/** Counts what a first view asks for. The live stream stays open and is not part of the view. */
export function countRequests(page: Page): string[] {
  const asked: string[] = []
  page.on('request', (request) => {
    const live = request.resourceType() === 'eventsource' || request.headers().accept === 'text/event-stream'
    if (!live && !request.url().startsWith('data:')) asked.push(request.url())
  })
  return asked
}

/** As the slowest of the common ways would send it. */
export const gzipped = (html: string): number => gzipSync(html).length
