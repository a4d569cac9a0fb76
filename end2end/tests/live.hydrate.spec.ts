// What happens on a plane shows in an open page, without a reload.
import { carryOut, plan } from '../support/apply.ts'
import { awake } from '../support/look.ts'
import { project, service } from '../support/manifests.ts'
import { expect, test } from '../support/test.ts'

test('an open page shows a new version while it arrives', async ({ page, context }) => {
  await plan(page, service('watched', 'v1'))
  await carryOut(page)
  await page.goto(`/projects/${project}/components/watched`)
  await awake(page)
  const main = page.getByRole('main')
  await expect(main.getByText('Healthy').first()).toBeVisible({ timeout: 30_000 })
  await page.evaluate(() => Object.assign(window, { untouched: true }))

  const other = await context.newPage()
  await plan(other, service('watched', 'v2'))
  await carryOut(other)
  await expect(main.getByText('v2').first()).toBeVisible({ timeout: 2_000 })
  await expect(main.getByText('Healthy').first()).toBeVisible({ timeout: 30_000 })
  expect(await page.evaluate(() => 'untouched' in window), 'the page was not reloaded').toBe(true)
})

test.describe('without a network for a moment', () => {
  // The browser tells of the drop that this test makes itself.
  test.use({ forgive: [/ERR_INTERNET_DISCONNECTED/] })

  test('a page that lost its connection catches up', async ({ page, context }) => {
    await plan(page, service('dropped', 'v1'))
    await carryOut(page)
    await page.goto(`/projects/${project}/components/dropped`)
    await awake(page)
    const main = page.getByRole('main')
    await expect(main.getByText('Healthy').first()).toBeVisible({ timeout: 30_000 })

    const other = await context.newPage()
    await plan(other, service('dropped', 'v2'))
    // Emulated networks apply to whole contexts, so the other page acts on either side of the drop.
    const session = await context.newCDPSession(page)
    await session.send('Network.enable')
    await session.send('Network.emulateNetworkConditions', {
      offline: true,
      latency: 0,
      downloadThroughput: 0,
      uploadThroughput: 0,
    })
    await carryOut(other)
    await session.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: 0,
      downloadThroughput: -1,
      uploadThroughput: -1,
    })
    await expect(main.getByText('v2').first()).toBeVisible({ timeout: 15_000 })
  })
})
