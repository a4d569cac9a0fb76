// A log that is followed goes on after what is shown: nothing twice, nothing lost.
import { awake } from '../support/look.ts'
import { expect, test } from '../support/test.ts'

test('a log goes on after what is shown, also after a pause', async ({ page }) => {
  test.slow()
  await page.goto('/projects/gcp-microservice-demo/components/frontend/logs?environment=development')
  await awake(page)
  const lines = page.getByRole('list', { name: /^Log of/ }).getByRole('listitem')
  const before = await lines.allTextContents()
  expect(before.length).toBeGreaterThan(2)
  await page.getByRole('button', { name: 'Follow' }).click()
  await expect(page.getByRole('status').filter({ hasText: 'following' })).toBeVisible()
  await expect(async () => expect(await lines.count()).toBeGreaterThan(before.length)).toPass({ timeout: 30_000 })
  await page.getByRole('button', { name: 'Pause' }).click()
  const paused = await lines.count()
  await page.getByRole('button', { name: 'Follow' }).click()
  await expect(async () => expect(await lines.count()).toBeGreaterThan(paused)).toPass({ timeout: 30_000 })
  await page.getByRole('button', { name: 'Pause' }).click()

  const after = await lines.allTextContents()
  expect(after.slice(0, before.length), 'what was there stays').toEqual(before)
  const kept = await page.request.get(
    '/projects/gcp-microservice-demo/components/frontend/log.txt?environment=development',
  )
  // Each line of the file begins with its time.
  const whole = (await kept.text()).trimEnd().split('\n').map((line) => line.slice(line.indexOf(' ') + 1))
  const from = whole.length >= after.length ? whole.lastIndexOf(after[0] ?? '', whole.length - after.length) : -1
  expect(from, 'the page begins somewhere in the file').toBeGreaterThanOrEqual(0)
  expect(whole.slice(from, from + after.length)).toEqual(after)
})
