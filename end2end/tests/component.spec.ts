// A component is made in a form, with rows that are added, and changed there after its diff was seen.
import { lookAt, awake } from '../support/look.ts'
import { project, service } from '../support/manifests.ts'
import { carryOut, plan } from '../support/apply.ts'
import { expect, test } from '../support/test.ts'

test('a service with two endpoints and a connection is made, runs, and is changed', async ({ page, scripted }, info) => {
  test.slow()
  const way = scripted ? 'with' : 'without'
  const [callee, name] = [`stock-${way}`, `made-${way}`]
  await plan(page, service(callee, 'v1'))
  await carryOut(page)

  await page.goto(`/projects/${project}`)
  await page.getByRole('link', { name: 'New component' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('New component')
  if (scripted) await awake(page)
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill(name)
  await page.getByRole('textbox', { name: 'Image', exact: true }).fill(`registry.example/${name}:v1`)

  // What only other types have is not there to be asked.
  await expect(page.getByRole('textbox', { name: /^Schedule/ })).toBeHidden()
  await page.getByRole('radio', { name: /Scheduled task/ }).check()
  await expect(page.getByRole('textbox', { name: /^Schedule/ })).toBeVisible()
  await page.getByRole('radio', { name: /^Service/ }).check()

  await page.getByRole('button', { name: 'Add endpoint' }).click()
  const endpoints = page.getByRole('list', { name: 'Endpoints' }).getByRole('listitem')
  await expect(endpoints).toHaveCount(2)
  // Typing goes on where the row was made, with what was typed before still there.
  await expect(endpoints.nth(1).getByRole('textbox', { name: 'Endpoint' })).toBeFocused()
  await expect(page.getByRole('textbox', { name: 'Name', exact: true })).toHaveValue(name)
  await endpoints.nth(1).getByRole('textbox', { name: 'Endpoint' }).fill('rpc')
  await endpoints.nth(1).getByLabel('Protocol').selectOption('gRPC')
  await endpoints.nth(1).getByLabel('Port').fill('9090')
  await endpoints.nth(0).getByLabel('Seen by').selectOption('Organization')

  await page.getByRole('button', { name: 'Add connection' }).click()
  const connection = page.getByRole('list', { name: 'Connections' }).getByRole('listitem').first()
  await connection.getByLabel('Calls').fill(`${callee}/web`)

  await page.getByRole('button', { name: 'Preview' }).last().click()
  const panel = page.getByRole('complementary')
  const variable = `STOCK_${way.toUpperCase()}_ADDR`
  await expect(panel).toContainText(`${variable}=${callee}`)
  await expect(panel).toContainText('Deployment')
  await panel.getByText('Manifests as YAML').click()
  await expect(panel).toContainText('exposeLevels')
  await lookAt(page, 'component-new', info, scripted)
  await page.setViewportSize({ width: 1440, height: 900 })

  await page.getByRole('button', { name: 'Create component' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(name)
  await expect(async () => {
    await page.goto(`/projects/${project}/components/${name}`)
    await expect(page.getByRole('main').getByText('Healthy').first()).toBeVisible({ timeout: 1_000 })
  }).toPass({ timeout: 30_000 })

  await page.getByRole('link', { name: 'Edit' }).click()
  if (scripted) await awake(page)
  await expect(page.getByLabel('Calls')).toHaveValue(`${callee}/web`)
  await page.getByRole('textbox', { name: 'Image', exact: true }).fill(`registry.example/${name}:v2`)
  await page.getByRole('button', { name: 'Save component' }).click()
  // Saving shows first what changes of what runs.
  await expect(panel).toContainText(`${name}:v2`)
  await expect(page.getByRole('main')).toContainText('Nothing has been done yet')
  await lookAt(page, 'component-diff', info, scripted)
  await page.setViewportSize({ width: 1440, height: 900 })
  await page.getByRole('button', { name: 'Save component now' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(name)
  await expect(async () => {
    await page.goto(`/projects/${project}/components/${name}`)
    await expect(page.getByRole('main')).toContainText('release 2', { timeout: 1_000 })
  }).toPass({ timeout: 30_000 })
})

test.describe('a form with mistakes', () => {
  test.use({ forgive: [/status of 422/] })

  test('says at each field what is wrong, and keeps what was typed', async ({ page, scripted }, info) => {
    test.slow()
    await page.goto(`/projects/${project}/components/new`)
    if (scripted) await awake(page)
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Not a name')
    await page.getByRole('textbox', { name: 'Port' }).first().fill('eighty')
    await page.getByRole('button', { name: 'Create component' }).click()
    await expect(page.getByRole('alert')).toContainText('things to put right')
    for (const label of ['Name', 'Image', 'Port']) {
      const field = page.getByRole('textbox', { name: label, exact: true }).first()
      await expect(field).toHaveAttribute('aria-invalid', 'true')
    }
    await expect(page.getByRole('textbox', { name: 'Port' }).first()).toHaveValue('eighty')
    await lookAt(page, 'component-faults', info, scripted)
  })
})

test('a scheduled task says when it runs next', async ({ page, scripted }) => {
  await page.goto(`/projects/${project}/components/new`)
  if (scripted) await awake(page)
  await page.getByRole('radio', { name: /Scheduled task/ }).check()
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('nightly')
  await page.getByRole('textbox', { name: 'Image', exact: true }).fill('registry.example/nightly:v1')
  await page.getByRole('textbox', { name: /^Schedule/ }).fill('30 2 * * *')
  await page.getByRole('button', { name: 'Preview' }).last().click()
  const runs = page.getByRole('complementary').getByRole('list', { name: 'Next runs' })
  await expect(runs.getByRole('listitem')).toHaveCount(5)
  await expect(runs.getByRole('listitem').first()).toContainText('02:30 UTC')
})
