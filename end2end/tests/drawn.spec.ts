// What the server draws: the shop's cell, and a pipeline that is made, broken, put right and taken away.
import { lookAt } from '../support/look.ts'
import { expect, test } from '../support/test.ts'

const cell = '/projects/gcp-microservice-demo/cell?environment=development'

test('the cell of the shop shows its sixteen connections, and tells of each', async ({ page, scripted }, info) => {
  test.slow()
  await page.setViewportSize({ width: 1440, height: 900 })
  await page.goto('/projects/gcp-microservice-demo')
  await page.getByRole('link', { name: 'Cell', exact: true }).click()
  await page.goto(cell)
  const picture = page.getByRole('group', { name: /11 components and 16 declared connections/ })
  await expect(picture).toBeVisible()
  await expect(picture.locator('a.node')).toHaveCount(11)
  await expect(picture.locator('a.road')).toHaveCount(16)
  await lookAt(page, 'cell', info, scripted)

  await page.setViewportSize({ width: 1440, height: 900 })
  await picture.getByRole('link', { name: /^checkout, / }).click()
  await expect(page).toHaveURL(/open=checkout/)
  const details = page.getByRole('complementary', { name: 'checkout' })
  await expect(details).toContainText('gRPC from frontend')
  for (const called of ['cart', 'currency', 'email', 'payment', 'productcatalog', 'shipping']) {
    await expect(details.getByRole('link', { name: called, exact: true })).toBeVisible()
  }
  await lookAt(page, 'cell-component', info, scripted)

  await details.getByRole('link', { name: 'cart', exact: true }).click()
  await expect(page.getByRole('complementary', { name: 'checkout → cart' })).toContainText('7070')
  await page.getByRole('link', { name: 'Close the details' }).click()
  await expect(page.getByRole('complementary', { name: 'The cell in words' })).toContainText('frontend')

  // A phone has the same one under the other.
  await page.setViewportSize({ width: 390, height: 844 })
  await expect(picture.locator('visible=true').locator('a.node')).toHaveCount(11)
  const row = page.getByRole('row', { name: /^checkout/ })
  await expect(row.getByRole('link')).toHaveCount(8)
})

test.describe('a pipeline', () => {
  test.use({ forgive: [/status of 4(04|09|22)/] })

  test('is drawn in a form that refuses circles beside their row', async ({ page, scripted }, info) => {
    test.slow()
    const name = scripted ? 'drawn-with' : 'drawn-without'
    const title = page.getByRole('heading', { level: 1 })
    const step = (at: number) => page.getByRole('group', { name: `step ${at}` })
    await page.goto('/pipelines')
    await page.getByRole('link', { name: 'New pipeline' }).first().click()
    await page.getByLabel('Name', { exact: true }).fill(name)
    await step(1).getByLabel('From').selectOption('development')
    await step(1).getByLabel('To').selectOption('staging')
    await page.getByRole('button', { name: 'Add a step' }).click()
    await step(2).getByLabel('From').selectOption('staging')
    await step(2).getByLabel('To').selectOption('development')
    await page.getByRole('button', { name: 'Create pipeline' }).click()
    await expect(page.getByRole('alert')).toContainText('1 thing')
    await expect(page.getByRole('main')).toContainText(/in a circle: .*development → staging → development|in a circle: .*staging → development → staging/)
    await lookAt(page, 'pipeline-circle', info, scripted)

    await page.setViewportSize({ width: 1440, height: 900 })
    await step(2).getByLabel('To').selectOption('production')
    await step(2).getByLabel('Needs approval').check()
    await page.getByRole('button', { name: 'Create pipeline' }).click()
    await expect(title).toHaveText(name)
    await expect(page.getByRole('row', { name: /^Production/ })).toContainText('approval')
    await expect(page.getByRole('group', { name: `The pipeline ${name}` })).toBeVisible()
    await lookAt(page, 'pipeline', info, scripted)

    await page.setViewportSize({ width: 1440, height: 900 })
    await page.getByRole('link', { name: 'Edit' }).click()
    await expect(step(2).getByLabel('Needs approval')).toBeChecked()
    await page.getByRole('button', { name: 'Remove step 2' }).click()
    await page.getByRole('button', { name: 'Save pipeline' }).click()
    await expect(title).toHaveText(name)
    await expect(page.getByRole('row', { name: /^Production/ })).toHaveCount(0)

    await page.getByRole('link', { name: 'Delete' }).click()
    await page.getByLabel(/to be sure/).fill(name)
    await page.getByRole('button', { name: `Delete ${name}` }).click()
    await expect(async () => {
      expect((await page.request.get(`/pipelines/${name}`)).status()).toBe(404)
    }).toPass()
  })
})

test.describe('an environment', () => {
  test.use({ forgive: [/status of 4(04|09|22)/] })

  test('says what comes of it before it is made, and what runs in it after', async ({ page, scripted }, info) => {
    test.slow()
    const name = scripted ? 'made-with' : 'made-without'
    await page.goto('/environments')
    await page.getByRole('link', { name: 'New environment' }).click()
    await page.getByLabel('Name', { exact: true }).fill(name)
    await page.getByLabel('Host prefix').fill(`${name}-host`)
    await page.getByRole('button', { name: 'Preview' }).last().click()
    await expect(page.getByRole('main')).toContainText(`${name}-host.`)
    await expect(page.getByRole('main')).toContainText(new RegExp(`dp-default-\\S*-${name}-`))
    await lookAt(page, 'environment-form', info, scripted)

    await page.setViewportSize({ width: 1440, height: 900 })
    await page.getByRole('button', { name: 'Create environment' }).click()
    await expect(page.getByRole('heading', { level: 1 })).toContainText(name)
    await expect(page.getByRole('main')).toContainText('Nothing runs here yet')
    await page.goto('/environments/development')
    await expect(page.getByRole('row', { name: /^GCP Microservice Demo/ })).toContainText('of 11')
    await lookAt(page, 'environment', info, scripted)

    await page.goto(`/resources/environments/${name}/delete`)
    await page.getByLabel(/to be sure/).fill(name)
    await page.getByRole('button', { name: `Delete ${name}` }).click()
    await expect(async () => {
      expect((await page.request.get(`/environments/${name}`)).status()).toBe(404)
    }).toPass()
  })
})

test('a log is searched, and says how much of it that is', async ({ page, scripted }, info) => {
  test.slow()
  await page.goto('/projects/bookshop/components/recommendations/logs?environment=development&previous=on')
  await page.getByLabel('Search', { exact: true }).fill('FATAL')
  await page.getByRole('button', { name: 'Show' }).click()
  await expect(page).toHaveURL(/q=FATAL/)
  const log = page.getByRole('list', { name: /^Log of/ })
  await expect(log.getByRole('listitem')).toHaveCount(1)
  await expect(log.locator('mark')).toHaveText('fatal')
  await expect(page.getByRole('main')).toContainText(/1 of \d+ lines with/)
  await lookAt(page, 'log-searched', info, scripted)
})
