// A plane is tried before it is saved, connected, tested, and retired; a kubeconfig is read in two steps.
import { lookAt } from '../support/look.ts'
import { expect, test } from '../support/test.ts'

const kubeconfig = (user: string) => `apiVersion: v1
kind: Config
current-context: one
clusters:
- {name: near, cluster: {server: "https://127.0.0.1:1"}}
- {name: far, cluster: {server: "https://127.0.0.1:2"}}
users:
- {name: ana, user: ${user}}
contexts:
- {name: one, context: {cluster: near, user: ana}}
- {name: two, context: {cluster: far, user: ana}}
`

test('a simulated plane is tested as typed, connected, tested again and retired', async ({ page, scripted }, info) => {
  test.slow()
  const name = scripted ? 'spare-with' : 'spare-without'
  await page.goto('/planes')
  await page.getByRole('link', { name: 'Connect a plane' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Connect a data plane')
  await lookAt(page, 'plane-new', info, scripted)

  await page.getByLabel('Name', { exact: true }).fill(name)
  await page.getByRole('radio', { name: /Simulated/ }).check()
  await expect(page.getByLabel('Kubeconfig', { exact: true })).toBeHidden()
  await page.getByLabel(/^Registry/).fill('registry.example')
  await page.getByLabel('Public', { exact: true }).fill('apps.example')
  await page.getByLabel('Organization', { exact: true }).fill('apps.internal')
  await page.getByRole('button', { name: 'Test it as typed' }).click()
  await expect(page.getByRole('status').filter({ hasText: 'Troupe can work with this plane' })).toBeVisible()
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue(name)

  await page.getByRole('button', { name: 'Connect', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText(name)
  await expect(page.getByRole('main')).toContainText('Not tested yet')
  await page.getByRole('button', { name: `Test ${name} now` }).click()
  await expect(page.getByRole('main')).toContainText('Troupe can work with this plane')
  await expect(page.getByRole('main')).toContainText('nothing was written')
  await lookAt(page, 'plane', info, scripted)

  await page.getByRole('link', { name: 'Retire' }).click()
  await lookAt(page, 'plane-retire', info, scripted)
  await page.getByLabel(/to be sure/).fill(name)
  await page.getByRole('button', { name: `Delete ${name}` }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Planes')
  await expect(page.getByRole('link', { name, exact: true })).toHaveCount(0)
})

test('a plane that environments are on is not retired, and the page says what to do', async ({ page, scripted }, info) => {
  test.slow()
  await page.goto('/planes/default/retire')
  const main = page.getByRole('main')
  await expect(main.getByRole('alert')).toContainText("It can't be retired yet")
  await expect(main.getByRole('link', { name: 'Move it to another plane' }).first()).toBeVisible()
  await expect(main).toContainText('frontend')
  await lookAt(page, 'plane-retire-blocked', info, scripted)
})

test.describe('a kubeconfig', () => {
  test.use({ forgive: [/status of 422/] })

  test('is read, its contexts are offered, and what would run a program is refused', async ({ page }) => {
    await page.goto('/planes/new')
    const text = page.getByLabel('Kubeconfig', { exact: true })
    await text.fill(kubeconfig('{token: geheim}'))
    await page.getByRole('button', { name: 'List its contexts' }).click()
    const context = page.getByLabel('Context', { exact: true })
    await expect(context).toHaveValue('one')
    await context.selectOption('two')
    await expect(context.locator('option:checked')).toContainText('https://127.0.0.1:2')

    await text.fill(kubeconfig('{exec: {command: sh}}'))
    await page.getByLabel('Name', { exact: true }).fill('never')
    await page.getByRole('button', { name: 'Connect', exact: true }).click()
    await expect(page.getByRole('alert')).toContainText('Nothing was saved')
    await expect(page.getByRole('main')).toContainText('would run a program on the server')
    await expect(text).toHaveAttribute('aria-invalid', 'true')
  })
})
