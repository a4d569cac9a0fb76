// A pasted manifest is shown as a plan first, then becomes a component that runs.
import { carryOut, plan } from '../support/apply.ts'
import { project, service } from '../support/manifests.ts'
import { expect, test } from '../support/test.ts'

test('a manifest is planned, applied, and runs', async ({ page, scripted }) => {
  const name = scripted ? 'pasted-with' : 'pasted-without'
  await plan(page, service(name, 'v1'))
  await expect(page.getByRole('main')).toContainText(name)
  await expect(page.getByRole('main')).toContainText(/create/i)

  // A plan alone changes nothing.
  const before = await page.request.get(`/projects/${project}/components/${name}`)
  expect(before.status()).toBe(404)

  await plan(page, service(name, 'v1'))
  await carryOut(page)
  await expect(async () => {
    await page.goto(`/projects/${project}/components/${name}`)
    await expect(page.getByRole('main').getByText('Healthy').first()).toBeVisible({ timeout: 1_000 })
  }).toPass({ timeout: 30_000 })

  // Once more is nothing new.
  await plan(page, service(name, 'v1'))
  await expect(page.getByRole('main')).toContainText(/unchanged|nothing|left alone/i)
})

test.describe('a manifest with mistakes', () => {
  test.use({ forgive: [/status of 4(00|22)/] })

  test('is refused with every mistake, its place and a remedy', async ({ page }) => {
    const broken = service('broken', 'v1').replace('workloadName:', 'worklodName:').replace('port: 8080', 'port: 99999')
    await plan(page, broken)
    const main = page.getByRole('main')
    await expect(main).toContainText('worklodName')
    await expect(main).toContainText(/did you mean/i)
    await expect(main).toContainText('workloadName')
    await expect(main).toContainText('port')
    await expect(main).toContainText(/line \d+/i)
    await expect(page.getByRole('textbox', { name: /manifest/i })).toHaveValue(broken)
  })
})

test('a broken image is told in words, with what it belongs to', async ({ page, scripted }) => {
  const name = scripted ? 'unpullable-with' : 'unpullable-without'
  await plan(page, service(name, 'v1--pull'))
  await carryOut(page)
  await expect(async () => {
    await page.goto(`/projects/${project}/components/${name}`)
    await expect(page.getByRole('main')).toContainText(/failing/i, { timeout: 1_000 })
    await expect(page.getByRole('main')).toContainText(/image/i, { timeout: 1_000 })
  }).toPass({ timeout: 40_000 })
})
