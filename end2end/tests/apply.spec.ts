// A pasted manifest is shown as a plan first, then becomes a component that runs.
import { carryOut, plan } from '../support/apply.ts'
import { lookAt } from '../support/look.ts'
import { project, service } from '../support/manifests.ts'
import { expect, test } from '../support/test.ts'

test('a manifest is planned, applied, and runs', async ({ page, scripted }, info) => {
  test.slow()
  const name = scripted ? 'pasted-with' : 'pasted-without'
  await plan(page, service(name, 'v1'))
  const title = page.getByRole('heading', { level: 1 })
  await expect(title).toHaveText('The plan')
  await expect(page.getByRole('main')).toContainText('3 to create')
  await expect(page.getByRole('row', { name: new RegExp(`Create.*${name}`) })).toHaveCount(3)
  await lookAt(page, 'apply-plan', info, scripted)

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
  await expect(title).toHaveText('Nothing would change')
})

test.describe('a manifest with mistakes', () => {
  test.use({ forgive: [/status of 4(00|22)/] })

  test('is refused with every mistake, its place and a remedy', async ({ page, scripted }, info) => {
    test.slow()
    const broken = service('broken', 'v1').replace('workloadName:', 'worklodName:').replace('port: 8080', 'port: 99999')
    await plan(page, broken)
    await expect(page.getByRole('heading', { level: 1 })).toHaveText("This can't be applied")
    const main = page.getByRole('main')
    await expect(main).toContainText('worklodName')
    await expect(main).toContainText(/did you mean/i)
    await expect(main).toContainText('workloadName')
    await expect(main).toContainText('port')
    await expect(main).toContainText(/line \d+/i)
    await expect(page.getByRole('textbox', { name: 'Manifests', exact: true })).toHaveValue(broken)
    await lookAt(page, 'apply-faults', info, scripted)
  })
})

test('a broken image is told in words, with what it belongs to', async ({ page, scripted }, info) => {
  test.slow()
  const name = scripted ? 'unpullable-with' : 'unpullable-without'
  await plan(page, service(name, 'v1--pull'))
  await carryOut(page)
  await expect(async () => {
    await page.goto(`/projects/${project}/components/${name}`)
    await expect(page.getByRole('main')).toContainText(/failing/i, { timeout: 1_000 })
    await expect(page.getByRole('main')).toContainText(/image/i, { timeout: 1_000 })
  }).toPass({ timeout: 40_000 })
  await lookAt(page, 'component-failing', info, scripted)
})
